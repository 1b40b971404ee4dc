package function

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long the sources must be left alone before a change counts: editors and compilers write several times.
const settle = 100 * time.Millisecond

// A watcher asks for a reload when one of the sources changes.
type watcher struct {
	notify *fsnotify.Watcher
	next   chan *sources
	reload func()
}

func newWatcher(reload func()) (*watcher, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("the sources cannot be watched: %w; use --no-watch", err)
	}
	return &watcher{notify: notify, next: make(chan *sources, 1), reload: reload}, nil
}

// watch makes these the sources.
func (w *watcher) watch(s *sources) error {
	for file := range s.files { // by its folder: editors replace the file
		if err := w.add(filepath.Dir(file)); err != nil {
			return err
		}
	}
	for folder := range s.folders {
		if err := w.addFolder(folder); err != nil {
			return err
		}
	}
	for _, tree := range slices.Concat(s.trees, s.any) {
		if err := w.addTree(tree); err != nil {
			return err
		}
	}
	select {
	case <-w.next: // never looked at
	default:
	}
	w.next <- s
	return nil
}

// addFolder watches a folder, and the one above it for when it comes or goes: that may itself have to come yet.
func (w *watcher) addFolder(folder string) error {
	if isFolder(folder) {
		if err := w.add(folder); err != nil {
			return err
		}
	}
	above := filepath.Dir(folder)
	for !isFolder(above) && above != filepath.Dir(above) {
		above = filepath.Dir(above)
	}
	_ = w.notify.Add(above) // else the folder is watched for its files alone
	return nil
}

func (w *watcher) add(folder string) error {
	if err := w.notify.Add(folder); err != nil {
		return fmt.Errorf("%s cannot be watched: %w; use --no-watch", folder, err)
	}
	return nil
}

// addTree watches a folder and all below, without hidden ones and those that hold what others wrote.
func (w *watcher) addTree(root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := filepath.Base(path); {
		case err != nil:
			return nil //nolint:nilerr // it is gone already, or may not be read
		case !entry.IsDir():
			return nil
		case path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "__pycache__" || name == "target"):
			return filepath.SkipDir
		}
		return w.add(path)
	})
}

// adopt watches what may be a new folder, and reports whether there are sources in it already.
func (w *watcher) adopt(s *sources, path string) bool {
	if !isFolder(path) || !within(slices.Concat(s.trees, s.any), path) {
		return false
	}
	_ = w.addTree(path) // else its changes are missed, as those of a folder that nobody may read
	found := false
	_ = filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		found = found || err == nil && !entry.IsDir() && s.concerns(path)
		return nil
	})
	return found
}

// run looks at changes until ctx ends.
func (w *watcher) run(ctx context.Context) {
	defer func() { _ = w.notify.Close() }()
	watched := new(sources)
	quiet := time.NewTimer(0)
	quiet.Stop()
	for {
		select {
		case watched = <-w.next:
		case event, ok := <-w.notify.Events:
			if !ok {
				return
			}
			if w.matters(watched, event) {
				quiet.Reset(settle)
			}
		case _, ok := <-w.notify.Errors: // events were lost: better once too often
			if !ok {
				return
			}
			quiet.Reset(settle)
		case <-quiet.C:
			w.reload()
		case <-ctx.Done():
			return
		}
	}
}

func (w *watcher) matters(s *sources, event fsnotify.Event) bool {
	switch {
	case event.Op == fsnotify.Chmod:
		return false
	case s.concerns(event.Name):
		return true
	case event.Has(fsnotify.Create | fsnotify.Remove | fsnotify.Rename):
		return s.holds(event.Name) || event.Has(fsnotify.Create) && w.adopt(s, event.Name)
	}
	return false
}
