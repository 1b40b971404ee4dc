package main

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A plot shows a range of values for each framework, on a logarithmic axis, with a dot at the value that counts.
type plot struct {
	title string
	unit  string
	key   string // what the dot and the line are
	bars  []bar
}

type bar struct {
	name          string
	from, dot, to float64
	ours          bool
}

// Sizes in the plot's own units, which are pixels where it is shown at its own size.
const (
	plotWidth   = 820
	plotLeft    = 210 // of the axis; names stand before it
	plotRight   = 730 // values stand after it
	plotTop     = 64
	plotLine    = 26
	plotBelow   = 40
	titleHeight = 24
)

// plotStyle has both themes, since an image in a page cannot be told which one the page has.
const plotStyle = `
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.quiet { fill: #59636e; font-size: 12px; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.range { stroke: #818b98; stroke-width: 3; stroke-linecap: round; }
.dot { fill: #59636e; }
.ours { fill: #0969da; font-weight: 600; }
.ours-range { stroke: #54aeff; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .quiet { fill: #9198a1; }
  .grid { stroke: #3d444d; }
  .range { stroke: #656c76; }
  .dot { fill: #9198a1; }
  .ours { fill: #4493f8; }
  .ours-range { stroke: #1f6feb; }
}
`

func (p *plot) svg() string {
	height := plotTop + plotLine*len(p.bars) + plotBelow
	low, high := p.decades()
	x := func(v float64) float64 {
		return plotLeft + (math.Log10(v)-low)/(high-low)*(plotRight-plotLeft)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">`+"\n",
		plotWidth, height, plotWidth, height, escape(p.title))
	fmt.Fprintf(&b, "<style>%s</style>\n", plotStyle)
	fmt.Fprintf(&b, `<text class="title" x="12" y="%d">%s</text>`+"\n", titleHeight, escape(p.title))
	fmt.Fprintf(&b, `<text class="quiet" x="12" y="%d">%s; logarithmic axis, %s; left is better</text>`+"\n",
		titleHeight+20, escape(p.key), escape(p.unit))
	for decade := low; decade <= high; decade++ {
		at := x(math.Pow(10, decade))
		fmt.Fprintf(&b, `<line class="grid" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", at, plotTop-8, at, height-plotBelow+4)
		fmt.Fprintf(&b, `<text class="quiet" x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n",
			at, height-plotBelow+22, strconv.FormatFloat(math.Pow(10, decade), 'f', -1, 64))
	}
	for i, bar := range p.bars {
		y := plotTop + plotLine*i + plotLine/2
		name, dot, line := "name", "dot", "range"
		if bar.ours {
			name, dot, line = "ours", "dot ours", "range ours-range"
		}
		fmt.Fprintf(&b, `<text class="%s" x="%d" y="%d" text-anchor="end">%s</text>`+"\n", name, plotLeft-14, y+4, escape(bar.name))
		fmt.Fprintf(&b, `<line class="%s" x1="%.1f" y1="%d" x2="%.1f" y2="%d"/>`+"\n", line, x(bar.from), y, x(bar.to), y)
		fmt.Fprintf(&b, `<circle class="%s" cx="%.1f" cy="%d" r="5"/>`+"\n", dot, x(bar.dot), y)
		fmt.Fprintf(&b, `<text class="%s" x="%.1f" y="%d">%s</text>`+"\n", name, x(bar.to)+10, y+4, short(bar.dot))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// decades are the powers of ten that hold all values.
func (p *plot) decades() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, b := range p.bars {
		low, high = min(low, math.Floor(math.Log10(b.from))), max(high, math.Ceil(math.Log10(b.to)))
	}
	if !(high > low) { // one value, or none
		return 0, 1
	}
	return low, high
}

// short is a value with about three digits.
func short(v float64) string {
	return strconv.FormatFloat(v, 'f', max(0, 2-int(math.Floor(math.Log10(v)))), 64)
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder never fails
	return b.String()
}
