package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"

	studiopb "sluice.example/go-echo/gen/ai_studio_management"
	gatewaypb "sluice.example/go-echo/gen/microgateway_management"
	eventspb "sluice.example/go-echo/gen/plugin_events"
)

type dialer func(brokerID uint32) (grpc.ClientConnInterface, error)

// host is the other side, as the plugin calls it: over one connection that lasts as long as the process.
type host struct {
	dial    dialer
	runtime string
	logger  hclog.Logger

	mu         sync.Mutex
	pluginID   uint32
	brokerID   uint32
	connection grpc.ClientConnInterface
	stop       context.CancelFunc
}

// identify notes who the plugin is and where the services are; zero says nothing.
func (h *host) identify(pluginID, brokerID uint32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if pluginID != 0 {
		h.pluginID = pluginID
	}
	if brokerID != 0 {
		h.brokerID = brokerID
	}
}

func (h *host) connect() error {
	_, err := h.services()
	return err
}

func (h *host) services() (grpc.ClientConnInterface, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.connection != nil {
		return h.connection, nil
	}
	if h.brokerID == 0 {
		return nil, errors.New("the host has not offered its services to this plugin")
	}
	connection, err := h.dial(h.brokerID)
	if err != nil {
		return nil, fmt.Errorf("the host's services (broker id %d) cannot be reached: %w", h.brokerID, err)
	}
	h.connection = connection
	return connection, nil
}

func (h *host) id() uint32 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pluginID
}

// studio and gateway are the Service API of either runtime, with the context that its requests carry.
func (h *host) studio() (studiopb.AIStudioManagementServiceClient, *studiopb.PluginContext, error) {
	connection, err := h.services()
	if err == nil && h.runtime != "studio" {
		err = errors.New("this part of the Service API exists in the studio only")
	}
	return studiopb.NewAIStudioManagementServiceClient(connection), &studiopb.PluginContext{PluginId: h.id()}, err
}

func (h *host) gateway() (gatewaypb.MicrogatewayManagementServiceClient, *gatewaypb.PluginContext, error) {
	connection, err := h.services()
	return gatewaypb.NewMicrogatewayManagementServiceClient(connection), &gatewaypb.PluginContext{PluginId: h.id()}, err
}

func (h *host) publish(ctx context.Context, topic string, payload []byte) (string, error) {
	connection, err := h.services()
	if err != nil {
		return "", err
	}
	request := &eventspb.PublishRequest{Topic: topic, Payload: payload, PluginId: strconv.FormatUint(uint64(h.id()), 10)}
	response, err := eventspb.NewPluginEventServiceClient(connection).Publish(ctx, request)
	if err == nil && !response.Success {
		err = errors.New(response.ErrorMessage)
	}
	return response.GetEventId(), err
}

// receiveEvents hands over events until close, and subscribes again when the stream ends.
func (h *host) receiveEvents(topic string, receive func(*eventspb.EventMessage)) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	h.mu.Lock()
	h.stop = stop
	h.mu.Unlock()
	for ctx.Err() == nil {
		err := h.receiveOnce(ctx, topic, receive)
		h.logger.Debug("The event stream ended.", "topic", topic, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func (h *host) receiveOnce(ctx context.Context, topic string, receive func(*eventspb.EventMessage)) error {
	connection, err := h.services()
	if err != nil {
		return err
	}
	request := &eventspb.SubscribeRequest{Topic: topic, PluginId: strconv.FormatUint(uint64(h.id()), 10)}
	stream, err := eventspb.NewPluginEventServiceClient(connection).Subscribe(ctx, request)
	for err == nil {
		var event *eventspb.EventMessage
		if event, err = stream.Recv(); err == nil {
			receive(event)
		}
	}
	return err
}

func (h *host) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop != nil {
		h.stop()
	}
}
