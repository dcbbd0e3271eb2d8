package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"

	pb "sluice.example/go-echo/gen/plugin"
)

// cancelledStreams counts the streams that ended because their client went away.
type cancelledStreams struct {
	mu     sync.Mutex
	count  int
	lastAt int64
}

func (c *cancelledStreams) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	c.lastAt = time.Now().UnixMilli()
}

func (c *cancelledStreams) report() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return map[string]int64{"cancelled": int64(c.count), "last_at": c.lastAt}
}

// HandleEndpointRequestStream serves /stream?count=5&interval_ms=200&bytes=0&fail_after=3&fail_before=1: server-sent events, one after
// the other. A count of 0 goes on until the client has enough.
func (s *echoServer) HandleEndpointRequestStream(request *pb.EndpointRequest, stream grpc.ServerStreamingServer[pb.EndpointResponseChunk]) error {
	err := countUp(stream.Context(), request.QueryString, stream.Send)
	if stream.Context().Err() != nil {
		s.cancelled.add()
	}
	return err
}

func countUp(ctx context.Context, rawQuery string, send func(*pb.EndpointResponseChunk) error) error {
	query, _ := url.ParseQuery(rawQuery)
	count, interval, size := queryNumber(query, "count", 5), queryNumber(query, "interval_ms", 200), queryNumber(query, "bytes", 0)
	failAfter := queryNumber(query, "fail_after", -1)

	if queryNumber(query, "fail_before", 0) > 0 {
		return send(failure("the stream failed on purpose before it began"))
	}
	headers := map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
	if err := send(&pb.EndpointResponseChunk{Type: pb.EndpointResponseChunk_HEADERS, StatusCode: 200, Headers: headers}); err != nil {
		return err
	}
	for n := 0; count == 0 || n < count; n++ {
		if n == failAfter {
			return send(failure(fmt.Sprintf("the stream failed on purpose after %d chunks", n)))
		}
		if n > 0 {
			select {
			case <-time.After(time.Duration(interval) * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := send(&pb.EndpointResponseChunk{Type: pb.EndpointResponseChunk_BODY, Data: event(n, size)}); err != nil {
			return err
		}
	}
	return send(&pb.EndpointResponseChunk{Type: pb.EndpointResponseChunk_DONE})
}

// event is padded with a comment of the event stream, so that the data stays what it is.
func event(n, size int) []byte {
	data := fmt.Sprintf("data: {\"n\":%d,\"at\":%d}\n", n, time.Now().UnixMilli())
	if missing := size - len(data) - 3; missing > 0 {
		data += ":" + strings.Repeat("x", missing) + "\n"
	}
	return []byte(data + "\n")
}

func failure(message string) *pb.EndpointResponseChunk {
	return &pb.EndpointResponseChunk{Type: pb.EndpointResponseChunk_ERROR, ErrorMessage: message}
}

func queryNumber(query url.Values, name string, fallback int) int {
	if value, err := strconv.Atoi(query.Get(name)); err == nil {
		return value
	}
	return fallback
}
