package main

import (
	"context"
	"errors"
	"io"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	configpb "sluice.example/go-echo/gen/config_provider"
	pluginpb "sluice.example/go-echo/gen/plugin"
)

// echoPlugin tells go-plugin which services the process serves.
type echoPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	logger hclog.Logger
	stderr io.Writer
}

func (p *echoPlugin) GRPCServer(broker *plugin.GRPCBroker, server *grpc.Server) error {
	dial := func(id uint32) (grpc.ClientConnInterface, error) { return broker.Dial(id) }
	pluginpb.RegisterPluginServiceServer(server, newEchoServer(p.logger, p.stderr, dial))
	configpb.RegisterConfigProviderServiceServer(server, configServer{})
	return nil
}

func (p *echoPlugin) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("this program is a plugin and not a host")
}
