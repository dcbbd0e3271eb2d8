package main

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	pb "sluice.example/go-echo/gen/plugin"
)

const defaultSessionTimeout = 30 * time.Second

// session is the call that a host keeps outstanding for as long as it wants the plugin to work.
type session struct {
	connect func() error
	// ready runs once, after the first connection.
	ready     func()
	readyOnce sync.Once

	mu   sync.Mutex
	ends map[chan pb.OpenSessionResponse_CloseReason]struct{}
}

func newSession(connect func() error, ready func()) *session {
	return &session{connect: connect, ready: ready, ends: map[chan pb.OpenSessionResponse_CloseReason]struct{}{}}
}

// open blocks until the time is up, the session is closed or its caller is gone.
func (s *session) open(ctx context.Context, timeoutMs int32) *pb.OpenSessionResponse {
	timeout := defaultSessionTimeout
	if timeoutMs > 0 {
		timeout = time.Duration(timeoutMs) * time.Millisecond
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	// Before the connection, so that a close during it is not missed.
	end := s.register()
	defer s.forget(end)
	if err := s.connect(); err != nil {
		return &pb.OpenSessionResponse{ErrorMessage: err.Error()}
	}
	s.readyOnce.Do(s.ready)

	response := &pb.OpenSessionResponse{Success: true, SessionId: rand.Text()}
	select {
	case response.CloseReason = <-end:
	case <-timer.C:
		response.CloseReason = pb.OpenSessionResponse_TIMEOUT
	case <-ctx.Done():
	}
	return response
}

// close ends every session. "unload" and "shutdown" mean that the host is done; any other text is a complaint.
func (s *session) close(reason string) {
	closeReason := pb.OpenSessionResponse_PLUGIN_ERROR
	if reason == "unload" || reason == "shutdown" {
		closeReason = pb.OpenSessionResponse_EXPLICIT_CLOSE
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for end := range s.ends {
		end <- closeReason
		delete(s.ends, end)
	}
}

func (s *session) register() chan pb.OpenSessionResponse_CloseReason {
	end := make(chan pb.OpenSessionResponse_CloseReason, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends[end] = struct{}{}
	return end
}

func (s *session) forget(end chan pb.OpenSessionResponse_CloseReason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ends, end)
}
