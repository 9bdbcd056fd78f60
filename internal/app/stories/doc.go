// Package stories holds short tales of how people come to be missing in Jira, and plays them: what people and services
// do happens in both labs, on a clock of the story's own; then rollcall is asked from the outside, and must name the
// cause; then somebody does what the catalogue tells them to, and the roll call must be clean.
//
// A tale is a text of sections. Its first paragraph is what a reader is told, then come `cause:` and `method:`
// (entra-scim, guard-nested, rollcall) and, for rollcall, `rules:` with lines of rollcall.yaml. Sections follow in any
// order and number:
//
//	== happens      one sentence a line; see the files say_*.go
//	== asked        WHO [in GROUP]: CAUSE, or WHO: present; after ", or else " the alternatives that the answer names
//	== roll call    "nothing", or VERDICT KIND WHO [in GROUP]: CAUSE, one finding a line
//	== history      WHO [in GROUP]: CAUSE since "SENTENCE", and where another one did it: because "SENTENCE"
//	                or: since unknown[ because "SENTENCE"]: WHY, where no log and no date knows the moment
//	                or: since "SENTENCE" because unknown: WHY, where none knows what did it
//
// Whoever was where they should be after some sentence and no longer after the next one broke with that one, and history
// must say so; a section of histories is for what is otherwise.
//
// Everybody is called by the part of the user principal name before the @.
package stories
