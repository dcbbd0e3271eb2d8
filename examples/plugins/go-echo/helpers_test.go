package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"testing"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	pb "sluice.example/go-echo/gen/plugin"
)

func noHost(uint32) (grpc.ClientConnInterface, error) {
	return nil, errors.New("there is no host here")
}

// connect serves the plugin in memory and gives a connection to it.
func connect(t *testing.T) *grpc.ClientConn {
	t.Helper()
	t.Setenv("PLUGIN_RUNTIME", "gateway")
	listener := bufconn.Listen(1 << 20)
	server := grpc.NewServer()
	pb.RegisterPluginServiceServer(server, newEchoServer(hclog.NewNullLogger(), nil, noHost))
	go server.Serve(listener)
	dial := func(context.Context, string) (net.Conn, error) { return listener.Dial() }
	connection, err := grpc.NewClient("passthrough:plugin", grpc.WithContextDialer(dial), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		connection.Close()
		server.Stop()
	})
	return connection
}

func decode(t *testing.T, body []byte) object {
	t.Helper()
	var value object
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return value
}
