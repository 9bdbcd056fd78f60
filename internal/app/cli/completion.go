package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(s Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "A script that lets the shell complete commands, flags and causes",
		Long: `Prints a script for bash, zsh, fish or powershell. Load it in the shell's start-up file; then Tab completes commands,
flags and the codes of causes.`,
		Example: `  source <(rollcall completion bash)
  rollcall completion zsh > "${fpath[1]}/_rollcall"
  rollcall completion fish > ~/.config/fish/completions/rollcall.fish
  rollcall completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("which shell? One of %v", shells)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(s.Out, true)
			case "zsh":
				return root.GenZshCompletion(s.Out)
			case "fish":
				return root.GenFishCompletion(s.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(s.Out)
			}
			return fmt.Errorf("no shell is called %q%s", args[0], suggestion(args[0], shells, fmt.Sprintf("; there are %v", shells)))
		},
	}
}
