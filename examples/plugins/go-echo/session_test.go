package main

import (
	"context"
	"testing"
	"time"

	pb "sluice.example/go-echo/gen/plugin"
)

func connected() error { return nil }

func TestSessionEndsWithItsTimeoutAndIsReadyOnce(t *testing.T) {
	ready := 0
	session := newSession(connected, func() { ready++ })
	for range 2 {
		if answer := session.open(context.Background(), 20); !answer.Success || answer.CloseReason != pb.OpenSessionResponse_TIMEOUT {
			t.Errorf("%v", answer)
		}
	}
	if ready != 1 {
		t.Errorf("ready %d times", ready)
	}
}

func TestSessionEndsWhenItIsClosed(t *testing.T) {
	for reason, want := range map[string]pb.OpenSessionResponse_CloseReason{
		"unload":         pb.OpenSessionResponse_EXPLICIT_CLOSE,
		"shutdown":       pb.OpenSessionResponse_EXPLICIT_CLOSE,
		"you misbehaved": pb.OpenSessionResponse_PLUGIN_ERROR,
	} {
		opened := make(chan struct{})
		session := newSession(connected, func() { close(opened) })
		answers := make(chan *pb.OpenSessionResponse)
		go func() { answers <- session.open(context.Background(), 60_000) }()
		<-opened
		session.close(reason)
		select {
		case answer := <-answers:
			if answer.CloseReason != want {
				t.Errorf("%s: %v", reason, answer)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: the session went on", reason)
		}
	}
}

func TestSessionWithoutAHostFailsWithASentence(t *testing.T) {
	server := newEchoServer(nil, nil, noHost)
	answer, err := server.OpenSession(context.Background(), &pb.OpenSessionRequest{ServiceBrokerId: 1, PluginId: 7, TimeoutMs: 60_000})
	if err != nil || answer.Success || answer.ErrorMessage == "" {
		t.Errorf("%v %v", answer, err)
	}
}
