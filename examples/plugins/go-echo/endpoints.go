package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "sluice.example/go-echo/gen/plugin"
)

// Exact paths win over "/*".
func (s *echoServer) GetEndpointRegistrations(context.Context, *pb.GetEndpointRegistrationsRequest) (*pb.GetEndpointRegistrationsResponse, error) {
	return &pb.GetEndpointRegistrationsResponse{Registrations: []*pb.EndpointRegistration{
		{Path: "/*", Methods: []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"}, Description: "Echoes the request"},
		{Path: "/private/*", Methods: []string{"GET", "POST"}, Description: "Echoes the request and the app whose token it carries", RequireAuth: true},
		{Path: "/stream", Methods: []string{"GET"}, Description: "Counts, one server-sent event at a time", StreamResponse: true},
		{
			Path: "/public-exact", Methods: []string{"GET"}, Description: "Echoes the request with the credentials that came with it",
			Metadata: map[string]string{"pass_credentials": "true"},
		},
	}}, nil
}

// httpError is an answer to the caller that a handler returns as an error.
type httpError struct {
	status  int
	message string
	headers map[string]string
}

func (e *httpError) Error() string { return e.message }

// HandleEndpointRequest answers by the first path segment; everything else is echoed.
func (s *echoServer) HandleEndpointRequest(ctx context.Context, request *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	response, err := s.route(ctx, request)
	var answer *httpError
	switch {
	case errors.As(err, &answer):
		return answerJSON(answer.status, map[string]string{"error": answer.message}, answer.headers), nil
	case err != nil:
		return nil, status.Error(codes.Unknown, err.Error())
	}
	return response, nil
}

func (s *echoServer) route(ctx context.Context, request *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	switch segment(request, 0) {
	case "sleep":
		return s.sleep(ctx, request)
	case "status":
		return answerStatus(request)
	case "error":
		return nil, errors.New("echo failed on purpose")
	case "bytes":
		return answerBytes(request)
	case "crash":
		fmt.Fprintln(s.stderr, "panic: crashed on purpose")
		os.Exit(7)
	case "kv":
		return s.keyValue(ctx, request)
	case "events":
		if segment(request, 1) == "publish" {
			return s.publishEvent(ctx, request)
		}
		return answerJSON(200, s.events.all(), nil), nil
	case "apps":
		return s.listApps(ctx)
	case "cancelled":
		return answerJSON(200, s.cancelled.report(), nil), nil
	}
	return s.echo(request), nil
}

// sleep ends at once when nobody waits any more.
func (s *echoServer) sleep(ctx context.Context, request *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	ms, err := numberSegment(request)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return s.echo(request), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func answerStatus(request *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	code, err := numberSegment(request)
	if err != nil {
		return nil, err
	}
	return answerJSON(code, map[string]int{"status": code}, map[string]string{"X-Echo": "yes", "Set-Cookie": "a=1; Path=/\nb=2; Path=/"}), nil
}

func answerBytes(request *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	count, err := numberSegment(request)
	if err != nil {
		return nil, err
	}
	return answerBody("application/octet-stream", bytes.Repeat([]byte("x"), count)), nil
}

func segment(request *pb.EndpointRequest, index int) string {
	if index < len(request.PathSegments) {
		return request.PathSegments[index]
	}
	return ""
}

var digits = regexp.MustCompile(`^\d{1,9}$`)

func numberSegment(request *pb.EndpointRequest) (int, error) {
	text := segment(request, 1)
	if !digits.MatchString(text) {
		return 0, &httpError{status: 400, message: fmt.Sprintf("/%s needs a number.", segment(request, 0))}
	}
	return strconv.Atoi(text)
}

func answerBody(contentType string, body []byte) *pb.EndpointResponse {
	return &pb.EndpointResponse{StatusCode: 200, Headers: map[string]string{"Content-Type": contentType}, Body: body}
}

func answerJSON(code int, value any, headers map[string]string) *pb.EndpointResponse {
	var body strings.Builder
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // Only texts, numbers and lists and maps of them are answered.
	}
	response := answerBody("application/json", []byte(strings.TrimSuffix(body.String(), "\n")))
	response.StatusCode = int32(code)
	for name, header := range headers {
		response.Headers[name] = header
	}
	return response
}
