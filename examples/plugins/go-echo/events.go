package main

import (
	"context"
	"sync"

	pb "sluice.example/go-echo/gen/plugin"
	eventspb "sluice.example/go-echo/gen/plugin_events"
)

const keptEvents = 1000

type seenEvent struct {
	Topic   string `json:"topic"`
	Payload string `json:"payload"`
	Origin  string `json:"origin"`
}

// eventLog holds the events since the start, the newest last.
type eventLog struct {
	mu   sync.Mutex
	seen []seenEvent
}

func (l *eventLog) add(event *eventspb.EventMessage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, seenEvent{event.Topic, string(event.Payload), event.Origin})
	if len(l.seen) > keptEvents {
		l.seen = l.seen[1:]
	}
}

func (l *eventLog) all() []seenEvent {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]seenEvent{}, l.seen...)
}

// publishEvent serves POST /events/publish/{topic}.
func (s *echoServer) publishEvent(ctx context.Context, request *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	topic := segment(request, 2)
	if request.Method != "POST" || topic == "" {
		return nil, &httpError{status: 400, message: "POST to /events/publish/{topic}."}
	}
	id, err := s.host.publish(ctx, topic, request.Body)
	return answerJSON(200, object{"topic": topic, "id": id}, nil), err
}
