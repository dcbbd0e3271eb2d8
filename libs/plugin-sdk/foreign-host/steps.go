package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	pb "sluice.example/go-echo/gen/plugin"
)

// callBack offers the Service API, as go-plugin's own programs do: announced once, over a socket that is made for it.
func callBack(remote *remote, seen *report) error {
	keys := newKeyValues()
	go remote.offer(brokerID, keys)
	opened := make(chan string, 1)
	go func() { opened <- remote.hold() }()
	remote.session = opened
	if _, err := remote.unary("PUT", "/kv/greeting", "kept by a foreign host"); err != nil {
		return err
	}
	seen.Stored, seen.Callers = keys.stored("greeting")
	var err error
	seen.ReadBack, err = remote.unary("GET", "/kv/greeting", "")
	return err
}

func call(remote *remote, seen *report) error {
	var err error
	if seen.Unary, err = remote.unary("POST", "/hello/there", "a body"); err != nil {
		return err
	}
	if seen.StreamTypes, seen.StreamBody, err = remote.stream("/stream", "count=3&interval_ms=5"); err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	if err = remote.cancelStream("/stream", "count=0&interval_ms=5"); err != nil {
		return fmt.Errorf("endless stream: %w", err)
	}
	seen.Cancelled, err = remote.eventually("/cancelled", func(body string) bool { return strings.Contains(body, `"cancelled":1`) })
	if err != nil {
		return err
	}
	if _, failure := remote.unary("GET", "/error", ""); failure != nil {
		seen.UnaryError = failure.Error()
	}
	return nil
}

// closeSession ends the call that was held open since the beginning.
func closeSession(remote *remote, seen *report) error {
	select {
	case <-remote.session:
		return fmt.Errorf("the session ended before it was closed")
	default:
		seen.SessionOpen = true
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	if _, err := remote.CloseSession(ctx, &pb.CloseSessionRequest{Reason: "unload"}); err != nil {
		return fmt.Errorf("close the session: %w", err)
	}
	seen.CloseReason = <-remote.session
	return nil
}

// hold opens a session and returns why it ended.
func (r *remote) hold() string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*callTimeout)
	defer cancel()
	answer, err := r.OpenSession(ctx, &pb.OpenSessionRequest{ServiceBrokerId: brokerID, PluginId: pluginID, TimeoutMs: 30_000})
	if err != nil {
		return err.Error()
	}
	if !answer.Success {
		return answer.ErrorMessage
	}
	return answer.CloseReason.String()
}

// eventually asks until the answer is as expected.
func (r *remote) eventually(path string, expected func(string) bool) (string, error) {
	deadline := time.Now().Add(callTimeout)
	for {
		body, err := r.unary("GET", path, "")
		if err != nil || expected(body) || time.Now().After(deadline) {
			return body, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}
