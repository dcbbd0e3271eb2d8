package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	pb "sluice.example/go-echo/gen/plugin"
)

const callTimeout = 20 * time.Second

func request(method, path, query, body string) *pb.EndpointRequest {
	return &pb.EndpointRequest{
		Method:       method,
		Path:         "/plugins/foreign" + path,
		RelativePath: path,
		PathSegments: strings.Split(strings.TrimPrefix(path, "/"), "/"),
		QueryString:  query,
		Headers:      map[string]string{"Content-Type": "text/plain"},
		Body:         []byte(body),
		Context:      &pb.PluginContext{RequestId: "foreign-request"},
	}
}

// unary is the answer's body, or an error for a status that is not 2xx.
func (r *remote) unary(method, path, body string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	answer, err := r.HandleEndpointRequest(ctx, request(method, path, "", body))
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", method, path, err)
	}
	if answer.StatusCode/100 != 2 {
		return "", fmt.Errorf("%s %s: status %d: %s", method, path, answer.StatusCode, answer.Body)
	}
	return string(answer.Body), nil
}

// stream is the types of the chunks in their order, and the bodies joined.
func (r *remote) stream(path, query string) (types []string, body string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	chunks, err := r.HandleEndpointRequestStream(ctx, request("GET", path, query, ""))
	for err == nil {
		var chunk *pb.EndpointResponseChunk
		if chunk, err = chunks.Recv(); err == nil {
			types = append(types, chunk.Type.String())
			body += string(chunk.Data)
		}
	}
	if err == io.EOF {
		err = nil
	}
	return types, body, err
}

// cancelStream takes the first chunk of an endless stream and goes away.
func (r *remote) cancelStream(path, query string) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	chunks, err := r.HandleEndpointRequestStream(ctx, request("GET", path, query, ""))
	if err == nil {
		_, err = chunks.Recv()
	}
	return err
}
