// Go-echo answers each request with what it received. It is a plugin as any author of a compiled one would write it: HashiCorp's
// go-plugin and stubs generated from the protocol's own files, without Sluice's SDK.
package main

import (
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

func main() {
	// Serve puts pipes in the place of stdout and stderr, so the real one is kept for what must not get lost.
	stderr := os.Stderr
	logger := hclog.New(&hclog.LoggerOptions{Name: "go-echo", Level: hclog.Debug, Output: stderr})
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "AI_STUDIO_PLUGIN", MagicCookieValue: "v1"},
		Plugins:         plugin.PluginSet{"plugin": &echoPlugin{logger: logger, stderr: stderr}},
		GRPCServer:      plugin.DefaultGRPCServer,
		Logger:          logger,
	})
}
