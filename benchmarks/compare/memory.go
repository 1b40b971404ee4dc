package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// residentBytes is what a process and all its descendants take of this machine's memory. Pages that they share are counted for
// each. It needs the files of Linux under /proc.
func residentBytes(pid int) (float64, error) {
	children, err := childProcesses()
	if err != nil {
		return 0, err
	}
	var total float64
	for queue := []int{pid}; len(queue) > 0; queue = queue[1:] {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", queue[0]))
		if err != nil {
			return 0, err
		}
		var kilobytes float64
		if _, rest, ok := strings.Cut(string(status), "VmRSS:"); ok { // a process that is ending has none
			if _, err := fmt.Sscanf(rest, "%f kB", &kilobytes); err != nil {
				return 0, err
			}
		}
		total += kilobytes * 1024
		queue = append(queue, children[queue[0]]...)
	}
	return total, nil
}

// childProcesses are all processes by their parents.
func childProcesses() (map[int][]int, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, file := range files {
		stat, err := os.ReadFile(file) //nolint:gosec // a file of the kernel
		if err != nil {
			continue // it has ended
		}
		if pid, parent, ok := parseStat(string(stat)); ok {
			children[parent] = append(children[parent], pid)
		}
	}
	return children, nil
}

// parseStat reads "7 (a name) S 1 …", where the name may hold spaces and parentheses.
func parseStat(stat string) (pid, parent int, ok bool) {
	number, rest, _ := strings.Cut(stat, " ")
	fields := strings.Fields(rest[strings.LastIndexByte(rest, ')')+1:])
	if len(fields) < 2 {
		return 0, 0, false
	}
	pid, err := strconv.Atoi(number)
	if err != nil {
		return 0, 0, false
	}
	parent, err = strconv.Atoi(fields[1])
	return pid, parent, err == nil
}
