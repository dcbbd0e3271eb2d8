package main

import (
	"bytes"
	"sync"
	"time"
)

// output keeps what a plugin writes; go-plugin writes to it from goroutines of its own.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(data)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// waitFor gives what is on its way this long to arrive.
func (o *output) waitFor(text string, timeout time.Duration) {
	for deadline := time.Now().Add(timeout); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if bytes.Contains([]byte(o.String()), []byte(text)) {
			return
		}
	}
}
