package main

import (
	"context"
	"errors"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	configpb "sluice.example/go-echo/gen/config_provider"
	gatewaypb "sluice.example/go-echo/gen/microgateway_management"
	pluginpb "sluice.example/go-echo/gen/plugin"
)

// remote is the plugin as its host sees it.
type remote struct {
	pluginpb.PluginServiceClient
	config     configpb.ConfigProviderServiceClient
	broker     *plugin.GRPCBroker
	connection *grpc.ClientConn
	// session tells why the session ended.
	session chan string
}

// offer serves the Service API on a broker id until the plugin's connection ends.
func (r *remote) offer(id uint32, keys *keyValues) {
	r.broker.AcceptAndServe(id, func(options []grpc.ServerOption) *grpc.Server {
		server := grpc.NewServer(options...)
		gatewaypb.RegisterMicrogatewayManagementServiceServer(server, keys)
		return server
	})
}

type sluicePlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (sluicePlugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this program is a host and not a plugin")
}

func (sluicePlugin) GRPCClient(_ context.Context, broker *plugin.GRPCBroker, connection *grpc.ClientConn) (any, error) {
	return &remote{
		PluginServiceClient: pluginpb.NewPluginServiceClient(connection),
		config:              configpb.NewConfigProviderServiceClient(connection),
		broker:              broker,
		connection:          connection,
	}, nil
}
