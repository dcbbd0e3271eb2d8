package main

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"google.golang.org/grpc"

	pb "sluice.example/go-echo/gen/plugin"
)

// HandleEndpointRequestStream sends a number, one more each time, every so many milliseconds: /stream?interval_ms=100. With 0 it sends nothing.
func (fixedAnswer) HandleEndpointRequestStream(request *pb.EndpointRequest, stream grpc.ServerStreamingServer[pb.EndpointResponseChunk]) error {
	query, _ := url.ParseQuery(request.QueryString)
	interval, _ := strconv.Atoi(query.Get("interval_ms"))
	headers := map[string]string{"Content-Type": "text/event-stream"}
	if err := stream.Send(&pb.EndpointResponseChunk{Type: pb.EndpointResponseChunk_HEADERS, StatusCode: 200, Headers: headers}); err != nil {
		return err
	}
	if interval <= 0 {
		<-stream.Context().Done()
		return nil
	}
	ticker := time.NewTicker(time.Duration(interval) * time.Millisecond)
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-ticker.C:
		case <-stream.Context().Done():
			return nil
		}
		if err := stream.Send(&pb.EndpointResponseChunk{Type: pb.EndpointResponseChunk_BODY, Data: fmt.Appendf(nil, "data: %d\n\n", n)}); err != nil {
			return err
		}
	}
}
