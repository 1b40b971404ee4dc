package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build is the JSON of the program's version.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Time     string `json:"time,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func newVersion(t *tool) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    `Version prints the version. With --json it is {"version", "revision", "time", "modified", "go", "platform"}.`,
		Example: "  albatross version --json",
		Args:    atMost(0),
		RunE: func(*cobra.Command, []string) error {
			b := readBuild()
			if t.json {
				return t.writeJSON(b)
			}
			line := "albatross " + b.Version
			if b.Revision != "" {
				line += " (" + b.Revision + ", " + b.Time + ")"
			}
			_, err := fmt.Fprintln(t.Stdout, line+" "+b.Go+" "+b.Platform)
			return err
		},
	}
}

// readBuild asks what the go command wrote into the program.
func readBuild() build {
	b := build{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version = cmp.Or(info.Main.Version, b.Version)
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}
