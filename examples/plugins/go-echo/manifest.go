package main

import (
	"context"
	_ "embed"
	"encoding/json"

	configpb "sluice.example/go-echo/gen/config_provider"
)

//go:embed plugin.manifest.json
var manifestJSON string

// configSchema is the part of the manifest that describes the configuration.
func configSchema() string {
	var manifest struct {
		ConfigSchema json.RawMessage `json:"config_schema"`
	}
	if err := json.Unmarshal([]byte(manifestJSON), &manifest); err != nil {
		panic(err) // The file is part of the program.
	}
	return string(manifest.ConfigSchema)
}

// configServer answers what a host asks before it runs the plugin.
type configServer struct {
	configpb.UnimplementedConfigProviderServiceServer
}

func (configServer) GetManifest(context.Context, *configpb.GetManifestRequest) (*configpb.GetManifestResponse, error) {
	return &configpb.GetManifestResponse{Success: true, ManifestJson: manifestJSON}, nil
}

func (configServer) GetConfigSchema(context.Context, *configpb.ConfigSchemaRequest) (*configpb.ConfigSchemaResponse, error) {
	return &configpb.ConfigSchemaResponse{Success: true, SchemaJson: configSchema()}, nil
}

func (configServer) Ping(_ context.Context, request *configpb.ConfigPingRequest) (*configpb.ConfigPingResponse, error) {
	return &configpb.ConfigPingResponse{Timestamp: request.Timestamp, Healthy: true}, nil
}
