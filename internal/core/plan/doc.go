// Package plan computes what would change at a target: Compute takes what the source said, what is present and the
// rules of a connection, and gives steps, a verdict with a reason for everybody, and the guards that held steps back.
// It is a function of values: the same input gives the same plan, byte for byte. It sends nothing; a plan is data that
// is saved, shown, approved and refused if the world moved.
//
// The promises of safety are kept here, before anything is sent: what a gap could hide is never taken away; only what
// is linked, or matches for certain, is touched; users are deactivated, never deleted; groups are never deleted, renamed
// or taken over without a person; and no run, nor any number of small runs in a day, takes away more than the limits.
package plan
