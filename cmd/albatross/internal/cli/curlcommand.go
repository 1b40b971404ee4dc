package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/albatross-go/albatross/cmd/albatross/internal/curl"
)

// curlHelp explains the arguments of commands that take curl's.
const curlHelp = `Arguments are curl's; this command's own options, all of them long, may stand anywhere among them. The one name
that both have is --json: after the command's name it is curl's, which sends JSON. For output as JSON write it
before: albatross --json %s …`

// takeCurl makes cmd take curl's arguments among its own flags. Its run function is given curl's, and what follows "--".
func takeCurl(cmd *cobra.Command, run func(cmd *cobra.Command, args, command []string) error) {
	cmd.DisableFlagParsing = true
	cmd.DisableFlagsInUseLine = true
	cmd.Long += "\n\n" + fmt.Sprintf(curlHelp, cmd.Name()) + "\n\nCurl's options that have an effect:\n" + curlUsage()
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		own, rest, command := split(cmd, args)
		cmd.DisableFlagParsing = false
		if err := cmd.ParseFlags(own); err != nil {
			return cmd.FlagErrorFunc()(cmd, err)
		}
		if help, err := cmd.Flags().GetBool("help"); help && err == nil {
			return cmd.Help()
		}
		return run(cmd, rest, command)
	}
	cmd.ValidArgsFunction = func(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
		return completeCurl(word)
	}
}

// split tells the command's own flags from curl's arguments, and both from what follows "--".
func split(cmd *cobra.Command, args []string) (own, rest, command []string) {
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" {
			return own, rest, args[1:]
		}
		if arg == "-h" || arg == "--help" {
			own, args = append(own, "--help"), args[1:]
			continue
		}
		name, _, joined := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		flag := cmd.LocalFlags().Lookup(name)
		if !strings.HasPrefix(arg, "--") || flag == nil { // --json is the root's, and so curl's here
			n := curl.Width(args)
			rest, args = append(rest, args[:n]...), args[n:]
			continue
		}
		n := 1
		if !joined && flag.NoOptDefVal == "" && len(args) > 1 {
			n = 2
		}
		own, args = append(own, args[:n]...), args[n:]
	}
	return own, rest, nil
}

func curlUsage() string {
	var b strings.Builder
	for _, o := range curl.Options() {
		short := "   "
		if o.Short != "" {
			short = o.Short + ","
		}
		fmt.Fprintf(&b, "  %s %-18s %s\n", short, o.Long, o.Usage)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
