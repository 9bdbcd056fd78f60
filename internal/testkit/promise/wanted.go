package promise

// Team is a group at Entra, with the ids of who and what is in it.
type Team struct{ Members, Subgroups map[string]bool }

// Wanted are the people whom any nesting leads into each of some groups, by the group's id and theirs: true where they
// must be in it, false for somebody disabled, who stays where they are. Who is deleted is in none.
func Wanted(assigned []string, team func(id string) Team, person func(id string) (there, enabled bool)) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, id := range assigned {
		all, seen := map[string]bool{}, map[string]bool{}
		var walk func(string)
		walk = func(id string) {
			if seen[id] {
				return
			}
			seen[id] = true
			t := team(id)
			for who := range t.Members {
				if there, enabled := person(who); there {
					all[who] = enabled
				}
			}
			for sub := range t.Subgroups {
				walk(sub)
			}
		}
		walk(id)
		out[id] = all
	}
	return out
}

// Scope are those who must be in any of the groups.
func Scope(wanted map[string]map[string]bool) map[string]bool {
	out := map[string]bool{}
	for _, all := range wanted {
		for id, must := range all {
			if must {
				out[id] = true
			}
		}
	}
	return out
}
