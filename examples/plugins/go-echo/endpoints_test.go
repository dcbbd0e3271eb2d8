package main

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "sluice.example/go-echo/gen/plugin"
)

func ask(t *testing.T, client pb.PluginServiceClient, method string, segments ...string) (*pb.EndpointResponse, error) {
	t.Helper()
	return client.HandleEndpointRequest(context.Background(), &pb.EndpointRequest{Method: method, PathSegments: segments})
}

func TestEchoHasEveryFieldOfTheRequest(t *testing.T) {
	client := pb.NewPluginServiceClient(connect(t))
	config := map[string]string{"slug": "echo", "content": "Hi", "_plugin_id": "7", "has_service_api": "true"}
	if _, err := client.Initialize(context.Background(), &pb.InitRequest{Config: config}); err != nil {
		t.Fatal(err)
	}
	response, err := ask(t, client, "GET", "users", "<1>")
	if err != nil {
		t.Fatal(err)
	}
	answer := decode(t, response.Body)
	fields := (&pb.EndpointRequest{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if _, ok := answer[string(fields.Get(i).Name())]; !ok {
			t.Errorf("%s is missing", fields.Get(i).Name())
		}
	}
	if answer["app"] != nil || answer["content"] != "Hi" || answer["runtime"] != "gateway" {
		t.Errorf("%v", answer)
	}
	if got, _ := json.Marshal(answer["config"]); string(got) != `{"content":"Hi","slug":"echo"}` {
		t.Errorf("config: %s", got)
	}
	if got, _ := json.Marshal(answer["scopes"]); string(got) != "[]" {
		t.Errorf("scopes: %s", got)
	}
}

func TestAppHasEveryFieldOfTheMessage(t *testing.T) {
	answer := appFields(&pb.App{}).(object)
	fields := (&pb.App{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if _, ok := answer[string(fields.Get(i).Name())]; !ok {
			t.Errorf("%s is missing", fields.Get(i).Name())
		}
	}
}

func TestStatusCarriesTwoCookiesInOneValue(t *testing.T) {
	response, err := ask(t, pb.NewPluginServiceClient(connect(t)), "GET", "status", "418")
	if err != nil || response.StatusCode != 418 || response.Headers["X-Echo"] != "yes" || response.Headers["Set-Cookie"] != "a=1; Path=/\nb=2; Path=/" {
		t.Errorf("%v %v", response, err)
	}
}

func TestErrorIsAnErrorOfTheCall(t *testing.T) {
	_, err := ask(t, pb.NewPluginServiceClient(connect(t)), "GET", "error")
	if status.Code(err) != codes.Unknown || status.Convert(err).Message() != "echo failed on purpose" {
		t.Error(err)
	}
}

func TestWrongUseIsAnAnswerAndNotAnError(t *testing.T) {
	client := pb.NewPluginServiceClient(connect(t))
	for _, wrong := range []struct {
		method   string
		segments []string
		status   int32
	}{
		{"GET", []string{"sleep", "-1"}, 400},
		{"GET", []string{"bytes"}, 400},
		{"GET", []string{"kv"}, 400},
		{"PATCH", []string{"kv", "key"}, 405},
		{"GET", []string{"events", "publish", "echo.a"}, 400},
	} {
		if response, err := ask(t, client, wrong.method, wrong.segments...); err != nil || response.StatusCode != wrong.status {
			t.Errorf("%v: %v %v", wrong, response, err)
		}
	}
}

func TestSleepEndsWhenNobodyWaits(t *testing.T) {
	server := newEchoServer(nil, nil, noHost)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	started := time.Now()
	if _, err := server.HandleEndpointRequest(ctx, &pb.EndpointRequest{PathSegments: []string{"sleep", "60000"}}); err == nil {
		t.Error("it slept on")
	}
	if time.Since(started) > 30*time.Second {
		t.Error("it slept on")
	}
}
