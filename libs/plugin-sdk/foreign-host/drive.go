package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	configpb "sluice.example/go-echo/gen/config_provider"
	pb "sluice.example/go-echo/gen/plugin"
)

const (
	pluginID = 77
	brokerID = 41
)

type options struct {
	node, file string
	mtls       bool
	// print is a path that makes the plugin print its last line, printed; everything else is then left out.
	print, printed string
}

// report is what the host saw, in the order of its questions.
type report struct {
	Protocol       string   `json:"protocol"`
	Network        string   `json:"network"`
	Healthy        bool     `json:"healthy"`
	Manifest       string   `json:"manifest"`
	ConfigManifest string   `json:"config_manifest"`
	Endpoints      int      `json:"endpoints"`
	Reflected      []string `json:"reflected"`
	Unary          string   `json:"unary"`
	StreamTypes    []string `json:"stream_types"`
	StreamBody     string   `json:"stream_body"`
	Cancelled      string   `json:"cancelled"`
	UnaryError     string   `json:"unary_error"`
	Stored         string   `json:"stored"`
	ReadBack       string   `json:"read_back"`
	Callers        []uint32 `json:"callers"`
	SessionOpen    bool     `json:"session_open"`
	CloseReason    string   `json:"close_reason"`
	Stdout         string   `json:"stdout"`
	Stderr         string   `json:"stderr"`
	KilledInMs     int64    `json:"killed_in_ms"`
	ProcessGone    bool     `json:"process_gone"`
	SocketGone     bool     `json:"socket_gone"`
	Error          string   `json:"error,omitempty"`
}

// drive starts the plugin, asks it everything once and ends it, whatever happened in between.
func drive(o options) (report, error) {
	var stdout, stderr output
	seen := report{}
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "AI_STUDIO_PLUGIN", MagicCookieValue: "v1"},
		Plugins:          plugin.PluginSet{"plugin": sluicePlugin{}},
		Cmd:              command(o),
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         o.mtls,
		StartTimeout:     30 * time.Second,
		SyncStdout:       &stdout,
		Stderr:           &stderr,
		Logger:           hclog.NewNullLogger(),
	})
	err := ask(client, o, &seen, &stdout)
	seen.Stdout = stdout.String()
	pid, address := 0, ""
	if attached := client.ReattachConfig(); attached != nil {
		pid, address = attached.Pid, attached.Addr.String()
	}
	began := time.Now()
	client.Kill()
	seen.KilledInMs = time.Since(began).Milliseconds()
	seen.Stderr = stderr.String()
	seen.ProcessGone = pid != 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
	_, statError := os.Stat(address)
	seen.SocketGone = address != "" && errors.Is(statError, os.ErrNotExist)
	return seen, err
}

// command sets the only variable that says where the plugin runs; a host that never heard of it would leave the plugin to guess.
func command(o options) *exec.Cmd {
	cmd := exec.Command(o.node, o.file)
	cmd.Env = append(os.Environ(), "GATEWAY_MODE=edge")
	return cmd
}

func ask(client *plugin.Client, o options, seen *report, stdout *output) error {
	connection, err := client.Client()
	if err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	seen.Protocol = string(client.Protocol())
	seen.Network = client.ReattachConfig().Addr.Network()
	if err := connection.Ping(); err != nil {
		return fmt.Errorf("health: %w", err)
	}
	seen.Healthy = true
	dispensed, err := connection.Dispense("plugin")
	if err != nil {
		return fmt.Errorf("dispense: %w", err)
	}
	driven := dispensed.(*remote)
	if o.print != "" {
		_, err := driven.unary("GET", o.print, "")
		stdout.waitFor(o.printed, callTimeout)
		return err
	}
	for _, step := range []func(*remote, *report) error{introduce, callBack, describe, reflect, call, closeSession} {
		if err := step(driven, seen); err != nil {
			return err
		}
	}
	return nil
}

// introduce gives the plugin its configuration; its numbers are text, as everywhere in the protocol.
func introduce(remote *remote, _ *report) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	id, broker := strconv.Itoa(pluginID), strconv.Itoa(brokerID)
	answer, err := remote.Initialize(ctx, &pb.InitRequest{Config: map[string]string{
		"content": "from a foreign host", "slug": "foreign", "has_service_api": "true",
		"_plugin_id": id, "plugin_id": id, "_service_broker_id": broker, "service_broker_id": broker,
	}})
	if err == nil && !answer.Success {
		err = errors.New(answer.ErrorMessage)
	}
	if err != nil {
		return fmt.Errorf("initialize: %w", err)
	}
	return nil
}

func describe(remote *remote, seen *report) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	manifest, err := remote.GetManifest(ctx, &pb.GetManifestRequest{})
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	seen.Manifest = manifest.ManifestJson
	same, err := remote.config.GetManifest(ctx, &configpb.GetManifestRequest{})
	if err != nil {
		return fmt.Errorf("manifest of the config provider: %w", err)
	}
	seen.ConfigManifest = same.ManifestJson
	endpoints, err := remote.GetEndpointRegistrations(ctx, &pb.GetEndpointRegistrationsRequest{})
	if err != nil {
		return fmt.Errorf("endpoints: %w", err)
	}
	seen.Endpoints = len(endpoints.Registrations)
	return nil
}
