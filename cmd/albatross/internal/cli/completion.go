package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/albatross-go/albatross/cmd/albatross/internal/curl"
)

// completeCurl offers curl's options beside the command's own, which cobra offers, and files for everything else.
func completeCurl(word string) ([]string, cobra.ShellCompDirective) {
	if !strings.HasPrefix(word, "-") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var offers []string
	for _, o := range curl.Options() {
		if strings.HasPrefix(o.Long, word) {
			offers = append(offers, o.Long+"\tcurl: "+o.Usage)
		}
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}
