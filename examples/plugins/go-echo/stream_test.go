package main

import (
	"context"
	"slices"
	"testing"
	"time"

	pb "sluice.example/go-echo/gen/plugin"
)

const (
	headers = pb.EndpointResponseChunk_HEADERS
	body    = pb.EndpointResponseChunk_BODY
	done    = pb.EndpointResponseChunk_DONE
	failed  = pb.EndpointResponseChunk_ERROR
)

func TestStreamIsHeadersThenBodyThenDoneOrError(t *testing.T) {
	for query, want := range map[string][]pb.EndpointResponseChunk_ChunkType{
		"interval_ms=0":                       {headers, body, body, body, body, body, done},
		"count=2&interval_ms=0":               {headers, body, body, done},
		"count=5&interval_ms=0&fail_after=2":  {headers, body, body, failed},
		"count=5&interval_ms=0&fail_after=0":  {headers, failed},
		"count=5&interval_ms=0&fail_before=1": {failed},
	} {
		var got []pb.EndpointResponseChunk_ChunkType
		err := countUp(context.Background(), query, func(chunk *pb.EndpointResponseChunk) error {
			got = append(got, chunk.Type)
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v %v", query, got, err)
		}
	}
}

func TestEventIsPaddedToItsSize(t *testing.T) {
	if got := len(event(3, 1000)); got != 1000 {
		t.Errorf("%d bytes", got)
	}
	if got := event(3, 1); got[len(got)-1] != '\n' || got[len(got)-2] != '\n' {
		t.Errorf("%q", got)
	}
}

func TestEndlessStreamEndsWithItsClientAndIsCounted(t *testing.T) {
	client := pb.NewPluginServiceClient(connect(t))
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := client.HandleEndpointRequestStream(ctx, &pb.EndpointRequest{QueryString: "count=0&interval_ms=1"})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		response, err := ask(t, client, "GET", "cancelled")
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("%v %v", response, err)
		}
		if answer := decode(t, response.Body); answer["cancelled"] == 1.0 && answer["last_at"].(float64) > 0 {
			return
		}
	}
}
