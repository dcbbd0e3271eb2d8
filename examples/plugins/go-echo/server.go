package main

import (
	"context"
	"io"
	"os"
	"strconv"
	"sync"

	"github.com/hashicorp/go-hclog"

	pb "sluice.example/go-echo/gen/plugin"
)

// The host adds these to the configuration.
var hostKeys = []string{"_plugin_id", "plugin_id", "_service_broker_id", "service_broker_id", "has_service_api"}

// echoServer is the plugin. What it does not implement, defaults answers.
type echoServer struct {
	defaults
	logger    hclog.Logger
	stderr    io.Writer
	runtime   string
	host      *host
	events    eventLog
	cancelled cancelledStreams
	session   *session

	mu     sync.RWMutex
	config map[string]string
}

func newEchoServer(logger hclog.Logger, stderr io.Writer, dial dialer) *echoServer {
	server := &echoServer{logger: logger, stderr: stderr, runtime: detectRuntime(), config: map[string]string{}}
	server.host = &host{dial: dial, runtime: server.runtime, logger: logger}
	server.session = newSession(server.host.connect, func() { go server.host.receiveEvents("echo.*", server.events.add) })
	return server
}

// detectRuntime asks PLUGIN_RUNTIME; older hosts only let it be guessed from what a gateway has and the studio has not.
func detectRuntime() string {
	if runtime := os.Getenv("PLUGIN_RUNTIME"); runtime == "studio" || runtime == "gateway" {
		return runtime
	}
	for _, name := range []string{"GATEWAY_MODE", "EDGE_ID", "EDGE_NAMESPACE", "GATEWAY_NAME"} {
		if os.Getenv(name) != "" {
			return "gateway"
		}
	}
	return "studio"
}

func (s *echoServer) Initialize(_ context.Context, request *pb.InitRequest) (*pb.InitResponse, error) {
	config := map[string]string{}
	for key, value := range request.Config {
		config[key] = value
	}
	s.host.identify(number(config, "_plugin_id", "plugin_id"), number(config, "_service_broker_id", "service_broker_id"))
	for _, key := range hostKeys {
		delete(config, key)
	}
	s.mu.Lock()
	s.config = config
	s.mu.Unlock()
	s.logger.Info("The echo is ready.", "runtime", s.runtime)
	return &pb.InitResponse{Success: true}, nil
}

func (s *echoServer) Ping(_ context.Context, request *pb.PingRequest) (*pb.PingResponse, error) {
	return &pb.PingResponse{Timestamp: request.Timestamp, Healthy: true}, nil
}

func (s *echoServer) Shutdown(context.Context, *pb.ShutdownRequest) (*pb.ShutdownResponse, error) {
	s.session.close("shutdown")
	s.host.close()
	return &pb.ShutdownResponse{Success: true}, nil
}

func (s *echoServer) GetManifest(context.Context, *pb.GetManifestRequest) (*pb.GetManifestResponse, error) {
	return &pb.GetManifestResponse{Success: true, ManifestJson: manifestJSON}, nil
}

func (s *echoServer) GetConfigSchema(context.Context, *pb.GetConfigSchemaRequest) (*pb.GetConfigSchemaResponse, error) {
	return &pb.GetConfigSchemaResponse{Success: true, SchemaJson: configSchema()}, nil
}

func (s *echoServer) OpenSession(ctx context.Context, request *pb.OpenSessionRequest) (*pb.OpenSessionResponse, error) {
	s.host.identify(request.PluginId, request.ServiceBrokerId)
	return s.session.open(ctx, request.TimeoutMs), nil
}

func (s *echoServer) CloseSession(_ context.Context, request *pb.CloseSessionRequest) (*pb.CloseSessionResponse, error) {
	s.session.close(request.Reason)
	return &pb.CloseSessionResponse{Success: true}, nil
}

// currentConfig is a copy, and the content in it or its default.
func (s *echoServer) currentConfig() (config map[string]string, content string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	config, content = map[string]string{}, "Hello"
	for key, value := range s.config {
		config[key] = value
	}
	if value, ok := config["content"]; ok {
		content = value
	}
	return config, content
}

// number reads the first of the keys that is there.
func number(config map[string]string, keys ...string) uint32 {
	for _, key := range keys {
		if value, err := strconv.ParseUint(config[key], 10, 32); err == nil {
			return uint32(value)
		}
	}
	return 0
}
