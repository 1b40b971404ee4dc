package main

import "strings"

// A framework is one row of the comparison: what it is, how its service is made, and how it is run.
type framework struct {
	name, version, language string

	runtime  string     // what polls the Runtime API
	note     string     // what a reader must know, "" if nothing
	floor    bool       // it is no framework, but what all of them stand on: shown, not ranked
	gateway  bool       // it knows no load balancer: it gets events of API Gateway made of the load balancer's; see gateway
	needs    []string   // programs that must be on PATH
	source   string     // its folder under services
	install  [][]string // commands, run in its build folder, which begins as a copy of source
	command  []string   // run in the build folder, as Lambda would
	packaged []string   // what a deployment package would hold of the build folder
}

// In install and command these stand for folders: of the cache, of the framework's build and of the Go module.
const (
	cachePlace  = "{cache}"
	buildPlace  = "{build}"
	modulePlace = "{module}"
)

// isGo says that the service is a package of this module: it is always built, and nothing of it is downloaded but modules.
func (f *framework) isGo() bool { return f.language == "Go" }

// modes are the header modes that the framework is tried in.
func (f *framework) modes() []mode {
	if f.gateway {
		return []mode{multi}
	}
	return []mode{single, multi}
}

// A mode is a target group's header mode.
type mode string

const (
	single mode = "single"
	multi  mode = "multi"
)

// frameworks are all rows, in the order of the report.
func frameworks() []framework {
	return append(goFrameworks(), foreignFrameworks()...)
}

func goFrameworks() []framework {
	list := []framework{
		{
			name: "Albatross", version: "this tree", source: "albatross",
			note: "With middleware.Defaults, which logs a line for each request, and package binding.",
		},
		{
			name: "api-proxy + chi", version: "aws-lambda-go-api-proxy 0.16.2, chi 5.5.0", source: "apiproxy",
			note: "The adapter is archived. It leaves r.RemoteAddr empty; the client's address is that of chi's ClientIPFromXFFTrustedProxies.",
		},
		{
			name: "algnhsa + chi", version: "algnhsa 1.1.0, chi 5.5.0", source: "algnhsa",
			note: "The client's address is r.RemoteAddr, which the adapter fills. The content type image/png is named to it as binary.",
		},
		{
			name: "bare", version: "aws-lambda-go 1.55.1", source: "bare", floor: true,
			note: "No framework: encoding/json and the event structs of aws-lambda-go, by hand. It logs nothing and recovers from no panic.",
		},
	}
	for i := range list {
		f := &list[i]
		f.language, f.runtime, f.needs = "Go", "aws-lambda-go 1.55.1", []string{"go"}
		// The flags are those of the Lambda guide for Go, and what they leave out is not run on Lambda.
		f.install = [][]string{{
			"env", "CGO_ENABLED=0", "go", "build", "-C", modulePlace, "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w",
			"-o", buildPlace + "/bootstrap", "./compare/services/" + f.source,
		}}
		f.command, f.packaged = []string{"./bootstrap"}, []string{"bootstrap"}
	}
	return list
}

// choose returns the frameworks whose sources are named in only, a list with commas; with an empty list all, or if quick is set
// those in Go. The names that no framework has come back too.
func choose(all []framework, only string, quick bool) (chosen []framework, unknown []string) {
	if only == "" {
		for _, f := range all {
			if f.isGo() || !quick {
				chosen = append(chosen, f)
			}
		}
		return chosen, nil
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(only, ",") {
		wanted[strings.TrimSpace(name)] = true
	}
	for _, f := range all {
		if wanted[f.source] {
			chosen = append(chosen, f)
			delete(wanted, f.source)
		}
	}
	for name := range wanted {
		unknown = append(unknown, name)
	}
	return chosen, unknown
}
