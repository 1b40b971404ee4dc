package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/template"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

// ours is the name of the framework that the report is written for.
const ours = "Albatross"

// reportText is the report. What it says of figures comes from the run; what it says of the method is true of every run.
const reportText = `# The same service in {{.Count}} frameworks

Written by ` + "`go run ./compare`" + ` in the folder benchmarks; do not edit it. [results.json](results.json) has every figure.

Machine: {{.Machine}}. Toolchains: {{.Toolchains}}.

There were {{.Rounds}} rounds. In each, every framework was started once, in a new random order, and got {{.Load}}, with multi-value
headers, over one connection, one at a time, each kind after up to {{.Warm}} requests that are not counted.

| framework | version | runtime client | notes |
|---|---|---|---|
{{range .List}}| {{.Name}} | {{.Language}}: {{.Version}} | {{.Runtime}} | {{if .Skipped}}**Not run:** {{.Skipped}} {{end}}{{.Note}} |
{{end}}
## Who is right

Each row was tried through the load balancer, in both header modes where the framework has them; nothing is judged by reading code.
✓ right, ✗ wrong, ○ refused as a client's mistake, – not applicable. "single" and "multi" name the header mode where only one is
meant. Where no answer at all arrives in a mode, that is one ✗, of the header mode, and the other rows are judged in the other mode.
The numbers lead to what came back.

{{.Matrix}}
{{if .Notes}}What came back:

{{.Notes}}
{{end}}What is expected:

{{.Expected}}
{{if .Measured}}## Who is fast

The first is **bold**, whatever is within 5 % of it is in *italics*. "bare" is what any Go framework stands on and no framework: it
is shown, not ranked.

![GET /items/7, p50 and p99](latency.svg)

{{.Latency}}
{{.Rates}}
![Cold start](coldstart.svg)

![Memory](memory.svg)

{{.Footprint}}
Cold start is the time from the start of the process to the first response at the client, the median of {{.Rounds}} starts. Memory
is the resident memory of the process and its children after the load, the package what a deployment would hold, not compressed.
Both sizes are in 10⁶ bytes. A package for Python or Node.js leaves out the interpreter and the runtime client, which Lambda brings;
one for Go or Rust has nothing to leave out.

### Where Albatross stands

{{.Standing}}
## What it would cost

In dollars for a million requests of GET /items/7: $0.20 for the requests, and the p50 of the invocation, rounded up to whole
milliseconds as Lambda bills it, at the price of the memory. Assumed are us-east-1 and the first tier of the AWS Lambda pricing page:
$0.0000133334 for a GB-second on arm64, $0.0000166667 on x86. The duration is this machine's. Cold starts, the load balancer and the
free tier are left out.

{{.Cost}}
## Noise

{{.Noise}}

{{end}}## What these figures say and what they do not

They compare frameworks with each other, on one machine, in the same minutes, behind the same load balancer and the same Runtime API.
Read ratios, not times.

- Network, TLS and the load balancer's own time on AWS are missing, and they are larger than most of what is shown.
- A cold start on AWS also downloads the package and starts a virtual machine. Here the files are in the page cache.
- Lambda gives a function CPU in proportion to its memory: a full one at 1,769 MB, a fourteenth at 128 MB. Here every process has
  this machine's. On a small function everything takes longer, and what takes most CPU suffers most.
- A process is not frozen between invocations here, and nothing limits its memory.
- A request goes through the load balancer and the Runtime API of this repository, whose own time is in every figure; the noise
  above has it.
- The load balancer is an emulator, written after AWS's documentation and published captures. No row was tried on AWS.
- The services do the same, as each framework's documentation recommends it, so they do not do equal work beside it: some log each
  request, some validate by a schema. The notes say so.
`

type reportData struct {
	Count, Rounds, Warm                                                       int
	Machine, Toolchains, Load                                                 string
	List                                                                      []*result
	Measured                                                                  bool
	Matrix, Notes, Expected, Latency, Rates, Footprint, Standing, Cost, Noise string
}

// writeReport makes the report whole, from the results alone.
func (r *results) writeReport(file string) error {
	ran := tried(r.Frameworks)
	timed := slices.DeleteFunc(slices.Clone(r.Frameworks), func(r *result) bool { return r.Speed == nil })
	data := reportData{
		Count: len(r.Frameworks), Rounds: r.Rounds, Warm: r.Warm, Machine: r.Machine, Toolchains: r.toolchainText(), Load: r.loadText(),
		List: r.Frameworks, Measured: len(timed) > 0, Expected: rowTable(),
	}
	data.Matrix, data.Notes = matrixTable(ran)
	if data.Measured {
		isRate := func(title string) bool { return strings.HasSuffix(title, ", rate") }
		isLatency := func(title string) bool { return strings.Contains(title, ", p") }
		data.Latency = report.Table(speedTable(timed, isLatency))
		data.Rates = report.Table(speedTable(timed, isRate))
		data.Footprint = report.Table(speedTable(timed, func(title string) bool { return !isRate(title) && !isLatency(title) }))
		data.Standing = standing(ours, timed)
		data.Cost = report.Table(costTable(timed))
		data.Noise = r.noiseText(timed)
	}
	var b strings.Builder
	if err := template.Must(template.New("report").Parse(reportText)).Execute(&b, data); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(b.String()), 0o644) //nolint:gosec // it is published
}

func (r *results) toolchainText() string {
	var versions []string
	for _, version := range r.Toolchains {
		if version != "" {
			versions = append(versions, version)
		}
	}
	slices.Sort(versions)
	return strings.Join(versions, ", ")
}

func (r *results) loadText() string {
	parts := make([]string, 0, len(kinds))
	for _, k := range kinds {
		parts = append(parts, fmt.Sprintf("%d × %s", r.Requests[k.name], k.title))
	}
	return strings.Join(parts, ", then ")
}

func costTable(list []*result) [][]string {
	lines := tableOf(plans, "framework", func(p plan) string { return p.name })
	lines[0] = append(lines[0], "invocation p50, ms")
	for _, r := range list {
		duration := r.Speed.Kinds["get"].Billed
		costs := line(r.Name, plans, func(p plan) string { return fmt.Sprintf("%.3f", p.perMillion(duration)) })
		lines = append(lines, append(costs, fmt.Sprintf("%.3f", duration)))
	}
	return lines
}

// noiseText tells how much the same thing differed from round to round.
func (r *results) noiseText(list []*result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "In each round a fixed piece of work was timed: %s. A request whose function answers in the harness itself: %s.\n\n",
		extent(r.Noise.Calibration, "ms"), extent(r.Noise.Harness, "µs"))
	b.WriteString("The spread between rounds is how far apart the middle half of the rounds' p50 is, in percent of the median. " +
		"Differences below it mean nothing.\n\n")
	lines := tableOf(kinds, "framework", func(k kind) string { return k.title })
	lines[0] = append(lines[0], "cold start")
	for _, result := range list {
		spreads := line(result.Name, kinds, func(k kind) string { return fmt.Sprintf("%.0f %%", result.Speed.Kinds[k.name].Spread*100) })
		lines = append(lines, append(spreads, fmt.Sprintf("%.0f %%", spread(result.Speed.Cold)*100)))
	}
	b.WriteString(report.Table(lines))
	return strings.TrimSpace(b.String())
}

func extent(values []float64, unit string) string {
	if len(values) == 0 {
		return "not taken"
	}
	return fmt.Sprintf("median %.1f %s, %.1f to %.1f", report.Median(values), unit, slices.Min(values), slices.Max(values))
}
