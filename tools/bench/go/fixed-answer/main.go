// Fixed-answer is fixed-answer-plugin.cjs as a compiled program: the same two bytes with and without authentication.
package main

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "sluice.example/go-echo/gen/plugin"
)

const manifest = `{"id":"com.example.fixed-answer","name":"Fixed answer","version":"1.0.0","capabilities":{"hooks":["custom_endpoint"],"primary_hook":"custom_endpoint"}}`

type fixedAnswer struct {
	pb.UnimplementedPluginServiceServer
}

func (fixedAnswer) Initialize(context.Context, *pb.InitRequest) (*pb.InitResponse, error) {
	return &pb.InitResponse{Success: true}, nil
}

func (fixedAnswer) Ping(_ context.Context, request *pb.PingRequest) (*pb.PingResponse, error) {
	return &pb.PingResponse{Timestamp: request.Timestamp, Healthy: true}, nil
}

func (fixedAnswer) Shutdown(context.Context, *pb.ShutdownRequest) (*pb.ShutdownResponse, error) {
	return &pb.ShutdownResponse{Success: true}, nil
}

func (fixedAnswer) GetManifest(context.Context, *pb.GetManifestRequest) (*pb.GetManifestResponse, error) {
	return &pb.GetManifestResponse{Success: true, ManifestJson: manifest}, nil
}

func (fixedAnswer) GetConfigSchema(context.Context, *pb.GetConfigSchemaRequest) (*pb.GetConfigSchemaResponse, error) {
	return &pb.GetConfigSchemaResponse{Success: true, SchemaJson: "{}"}, nil
}

// OpenSession stays open for its time; there is nothing to say in it.
func (fixedAnswer) OpenSession(ctx context.Context, request *pb.OpenSessionRequest) (*pb.OpenSessionResponse, error) {
	select {
	case <-time.After(time.Duration(request.TimeoutMs) * time.Millisecond):
	case <-ctx.Done():
	}
	return &pb.OpenSessionResponse{Success: true, CloseReason: pb.OpenSessionResponse_TIMEOUT}, nil
}

func (fixedAnswer) CloseSession(context.Context, *pb.CloseSessionRequest) (*pb.CloseSessionResponse, error) {
	return &pb.CloseSessionResponse{Success: true}, nil
}

func (fixedAnswer) GetEndpointRegistrations(context.Context, *pb.GetEndpointRegistrationsRequest) (*pb.GetEndpointRegistrationsResponse, error) {
	return &pb.GetEndpointRegistrationsResponse{Registrations: []*pb.EndpointRegistration{
		{Path: "/open", Methods: []string{"GET"}, Description: "Answers OK"},
		{Path: "/private", Methods: []string{"GET"}, Description: "Answers OK to an app", RequireAuth: true},
		{Path: "/stream", Methods: []string{"GET"}, Description: "Sends pieces", RequireAuth: true, StreamResponse: true},
	}}, nil
}

func (fixedAnswer) HandleEndpointRequest(context.Context, *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	return &pb.EndpointResponse{StatusCode: 200, Headers: map[string]string{"Content-Type": "text/plain"}, Body: []byte("OK")}, nil
}

type grpcPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (grpcPlugin) GRPCServer(_ *plugin.GRPCBroker, server *grpc.Server) error {
	pb.RegisterPluginServiceServer(server, fixedAnswer{})
	return nil
}

func (grpcPlugin) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("this program is a plugin and not a host")
}

func main() {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "AI_STUDIO_PLUGIN", MagicCookieValue: "v1"},
		Plugins:         plugin.PluginSet{"plugin": grpcPlugin{}},
		GRPCServer:      plugin.DefaultGRPCServer,
		Logger:          hclog.New(&hclog.LoggerOptions{Name: "fixed-answer", Level: hclog.Warn}),
	})
}
