package main

import "strings"

// line is a line of a table: its head and a cell for each of the list.
func line[T any](head string, list []T, cell func(T) string) []string {
	cells := append(make([]string, 0, 1+len(list)), head)
	for _, item := range list {
		cells = append(cells, cell(item))
	}
	return cells
}

// tableOf is a table that has its first line.
func tableOf[T any](list []T, head string, cell func(T) string) [][]string {
	return [][]string{line(head, list, cell)}
}

// oneLine makes a text fit for a line of Markdown: no breaks, no backquotes, at most n characters.
func oneLine(text string, n int) string {
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "`", "'")
	if runes := []rune(text); len(runes) > n {
		text = string(runes[:n]) + " …"
	}
	return text
}
