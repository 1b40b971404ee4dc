package router_test

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

// Every link and image in the repository's Markdown has a target: a file or folder, a heading of it, a line of it. What is on the
// web is not asked for; its address only has to be one.
func TestLinks(t *testing.T) {
	root, err := os.OpenRoot("..")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	files := 0
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		files++
		for _, fault := range brokenLinks(root.FS(), name) {
			t.Error(fault)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if files == 0 {
		t.Error("no Markdown")
	}
}

// The test above notices what it is there for.
func TestBrokenLinks(t *testing.T) {
	repository := fstest.MapFS{
		"main.go":       {Data: []byte("package main\n\nfunc main() {}\n")},
		"docs/logo.png": {},
		"docs/other.md": {Data: []byte("# Why `502`, and *why* not\n\n## Set-Cookie & Co.\n\n## Set-Cookie & Co.\n\n## über snake_case\n\n" +
			"### [Link](x) text ###\n\n```md\n# Code\n```\n<a id=\"own\"></a>\n")},
	}
	tests := []struct {
		name, text, fault string // no fault: ""
	}{
		{"a file", "[a](other.md) and ![b](logo.png \"Logo\")", ""},
		{"a folder above", "[a](../docs)", ""},
		{"from the root of the repository", "[a](/main.go)", ""},
		{"escaped", "[a](<other.md>) [b](oth%65r.md)", ""},
		{"a missing file", "[a](missing.md)", "does not exist"},
		{"a missing image in a link", "[![a](missing.png)](other.md)", "does not exist"},
		{"another letter case", "[a](Other.md)", "does not exist"},
		{"out of the repository", "[a](../../x)", "leads out"},
		{"a heading with code and emphasis", "[a](other.md#why-502-and-why-not)", ""},
		{"headings of the same text", "[a](other.md#set-cookie--co) [b](other.md#set-cookie--co-1)", ""},
		{"one heading too many", "[a](other.md#set-cookie--co-2)", "heading"},
		{"letters and underscores", "[a](other.md#%C3%BCber-snake_case)", ""},
		{"a heading that is a link", "[a](other.md#link-text)", ""},
		{"an anchor of HTML", "[a](other.md#own)", ""},
		{"a heading in code", "[a](other.md#code)", "heading"},
		{"a heading of this file", "# Here\n[a](#here)", ""},
		{"a missing heading of this file", "# Here\n[a](#there)", "heading"},
		{"a line", "[a](../main.go#L3)", ""},
		{"lines", "[a](../main.go#L1-L3)", ""},
		{"a line behind the end", "[a](../main.go#L4)", "lines"},
		{"a part of a folder", "[a](../docs#x)", "part of a folder"},
		{"the web", "[a](https://example.com/x?y=z#part) <https://example.com>", ""},
		{"no host", "[a](https:///x)", "no host"},
		{"half an address", "<https://>", "no host"},
		{"no scheme", "[a](//example.com)", "no scheme"},
		{"a bad escape", "[a](https://example.com/%zz)", "no URL"},
		{"another scheme", "[a](javascript:x)", "scheme"},
		{"a definition", "[a][b]\n\n[b]: other.md", ""},
		{"a definition without a file", "[a][b]\n\n[b]: missing.md", "does not exist"},
		{"no definition", "[a][b]", "not defined"},
		{"HTML", "<img alt=\"a\" src=\"missing.png\">", "does not exist"},
		{"code", "`[a](missing.md)`\n\n```md\n[a](missing.md)\n```", ""},
		{"behind code", "```md\n```\n[a](missing.md)", "does not exist"},
		{"a longer fence", "````md\n```\n[a](missing.md)\n```\n````\n", ""},
		{"code without an end", "```md\n[a](missing.md)", "no end"},
		{"a link on two lines", "[a](other.md\n\"Other\")", "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			repository["docs/page.md"] = &fstest.MapFile{Data: []byte(tt.text + "\n")}
			got := strings.Join(brokenLinks(repository, "docs/page.md"), "\n")
			if (got == "") != (tt.fault == "") || !strings.Contains(got, tt.fault) {
				t.Errorf("got %q, want %q", got, tt.fault)
			}
		})
	}
}

// brokenLinks lists what is wrong with the links of a file of the repository, with their lines.
func brokenLinks(repository fs.FS, name string) []string {
	text, err := fs.ReadFile(repository, name)
	if err != nil {
		return []string{err.Error()}
	}
	page := readMarkdown(string(text))
	var faults []string
	for _, l := range page.links {
		if fault := brokenLink(repository, name, l.target); fault != "" {
			faults = append(faults, fmt.Sprintf("%s:%d: %q %s", name, l.line, l.target, fault))
		}
	}
	for _, f := range page.faults {
		faults = append(faults, fmt.Sprintf("%s:%d: %s", name, f.line, f.target))
	}
	for _, l := range page.references {
		if !page.definitions[strings.ToLower(l.target)] {
			faults = append(faults, fmt.Sprintf("%s:%d: [%s] is not defined", name, l.line, l.target))
		}
	}
	return faults
}

// brokenLink tells what is wrong with one target; "" for nothing.
func brokenLink(repository fs.FS, from, target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return "is no URL: " + err.Error()
	}
	switch u.Scheme {
	case "http", "https":
		if !strings.Contains(u.Hostname(), ".") && u.Hostname() != "localhost" {
			return "has no host"
		}
		return ""
	case "mailto":
		if !strings.Contains(u.Opaque, "@") {
			return "is no address"
		}
		return ""
	case "":
	default:
		return "has the scheme " + u.Scheme + "; readers expect a page"
	}

	if u.Host != "" {
		return "has a host and no scheme"
	}
	file := from
	switch {
	case strings.HasPrefix(u.Path, "/"): // on GitHub the root of the repository
		file = path.Clean(strings.TrimPrefix(u.Path, "/"))
	case u.Path != "":
		file = path.Join(path.Dir(from), u.Path)
	}
	if !fs.ValidPath(file) {
		return "leads out of the repository"
	}
	info, err := fs.Stat(repository, file)
	if err != nil {
		return "does not exist"
	}
	if u.Fragment == "" {
		return ""
	}
	if info.IsDir() {
		return "names a part of a folder"
	}
	text, err := fs.ReadFile(repository, file)
	if err != nil {
		return err.Error()
	}
	if path.Ext(file) == ".md" {
		if !readMarkdown(string(text)).anchors[u.Fragment] {
			return "names a heading that is not there"
		}
		return ""
	}
	if last := lines.FindStringSubmatch(u.Fragment); last != nil {
		if n, err := strconv.Atoi(last[1]); err == nil && 0 < n && n <= strings.Count(string(text), "\n") {
			return ""
		}
	}
	return "names lines that are not there"
}

// lines is how GitHub names lines of a source file, L3 or L3-L7. The group is the last one.
var lines = regexp.MustCompile(`^(?:L[0-9]+-)?L([0-9]+)$`)

// markdown is what matters of a Markdown file here.
type markdown struct {
	links       []link
	anchors     map[string]bool
	definitions map[string]bool // [name]: target
	references  []link          // [text][name]
	faults      []link          // what cannot be read
}

type link struct {
	line   int
	target string
}

var (
	fence      = regexp.MustCompile("^[ \t>]*(```+|~~~+)")
	codeSpan   = regexp.MustCompile("``[^`].*?``|`[^`]+`")
	heading    = regexp.MustCompile(`^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$`)
	definition = regexp.MustCompile(`^ {0,3}\[([^\]]+)\]:[ \t]*<?([^ \t>]+)>?`)
	inline     = regexp.MustCompile(`\]\([ \t]*(?:<([^>]*)>|([^ \t()]*(?:\([^ \t()]*\)[^ \t()]*)*))(?:[ \t]+(?:"[^"]*"|'[^']*'))?[ \t]*\)`)
	reference  = regexp.MustCompile(`\[([^\[\]]+)\]\[([^\[\]]*)\]`)
	autolink   = regexp.MustCompile(`<([a-z][a-z+.-]+:[^ >]*)>`)
	tag        = regexp.MustCompile(`<[a-z]+ [^>]*>`)
	attribute  = regexp.MustCompile(` (href|src|id|name)="([^"]*)"`)
	markup     = regexp.MustCompile(`!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|<[^>]*>`)
)

// readMarkdown reads the headings and the links outside of code. It knows the Markdown that this repository is written in: headings
// with number signs, links on one line.
func readMarkdown(text string) markdown {
	m := markdown{anchors: map[string]bool{}, definitions: map[string]bool{}}
	taken := map[string]int{}
	fenced, opened := "", 0
	for i, line := range strings.Split(text, "\n") {
		if mark := fence.FindStringSubmatch(line); mark != nil {
			switch {
			case fenced == "":
				fenced, opened = mark[1], i+1
				continue
			case strings.HasPrefix(mark[1], fenced):
				fenced = ""
				continue
			}
		}
		if fenced != "" {
			continue
		}
		if h := heading.FindStringSubmatch(line); h != nil {
			slug := slugOf(h[1])
			anchor := slug
			if n := taken[slug]; n > 0 {
				anchor += "-" + strconv.Itoa(n)
			}
			taken[slug]++
			m.anchors[anchor] = true
		}
		m.readLinks(i+1, codeSpan.ReplaceAllString(line, "code"))
	}
	if fenced != "" {
		m.faults = append(m.faults, link{opened, "the code block has no end"})
	}
	return m
}

func (m *markdown) readLinks(number int, line string) {
	if d := definition.FindStringSubmatch(line); d != nil {
		m.definitions[strings.ToLower(d[1])] = true
		m.links = append(m.links, link{number, d[2]})
		return
	}
	found := inline.FindAllStringSubmatch(line, -1)
	for _, l := range found {
		m.links = append(m.links, link{number, l[1] + l[2]})
	}
	if len(found) != strings.Count(line, "](") {
		m.faults = append(m.faults, link{number, "a link cannot be read; write its target on one line, without spaces"})
	}
	for _, l := range autolink.FindAllStringSubmatch(line, -1) {
		m.links = append(m.links, link{number, l[1]})
	}
	for _, t := range tag.FindAllString(line, -1) {
		for _, a := range attribute.FindAllStringSubmatch(t, -1) {
			if a[1] == "id" || a[1] == "name" {
				m.anchors[a[2]] = true
				continue
			}
			m.links = append(m.links, link{number, a[2]})
		}
	}
	for _, l := range reference.FindAllStringSubmatch(line, -1) {
		name := l[2]
		if name == "" {
			name = l[1]
		}
		m.references = append(m.references, link{number, name})
	}
}

// slugOf is the anchor that GitHub gives a heading: its text in lower case, spaces as hyphens, without punctuation other than hyphens
// and underscores. Source: the table of contents filter of GitHub's html-pipeline.
func slugOf(heading string) string {
	text := strings.NewReplacer("`", "", "*", "").Replace(markup.ReplaceAllString(heading, "$1"))
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r):
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, text)
}
