package main

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	studiopb "sluice.example/go-echo/gen/ai_studio_management"
	gatewaypb "sluice.example/go-echo/gen/microgateway_management"
	pb "sluice.example/go-echo/gen/plugin"
)

// keyValue serves /kv/{key}: the plugin's own storage on its host.
func (s *echoServer) keyValue(ctx context.Context, request *pb.EndpointRequest) (*pb.EndpointResponse, error) {
	key := strings.Join(request.PathSegments[1:], "/")
	if key == "" {
		return nil, &httpError{status: 400, message: "Name a key: /kv/{key}."}
	}
	missing := &httpError{status: 404, message: fmt.Sprintf("There is no value for %s.", key)}
	switch request.Method {
	case "GET":
		value, err := s.host.readKey(ctx, key)
		if status.Code(err) == codes.NotFound {
			err = missing
		}
		return answerBody("application/octet-stream", value), err
	case "PUT":
		err := s.host.writeKey(ctx, key, request.Body)
		return answerJSON(200, object{"key": key, "bytes": len(request.Body)}, nil), err
	case "DELETE":
		deleted, err := s.host.deleteKey(ctx, key)
		if status.Code(err) == codes.NotFound || (err == nil && !deleted) {
			err = missing
		}
		return &pb.EndpointResponse{StatusCode: 204}, err
	}
	return nil, &httpError{status: 405, message: "Use GET, PUT or DELETE.", headers: map[string]string{"Allow": "GET, PUT, DELETE"}}
}

func (h *host) readKey(ctx context.Context, key string) ([]byte, error) {
	if h.runtime == "studio" {
		client, caller, err := h.studio()
		if err != nil {
			return nil, err
		}
		response, err := client.ReadPluginKV(ctx, &studiopb.ReadPluginKVRequest{Context: caller, Key: key})
		return response.GetValue(), err
	}
	client, caller, err := h.gateway()
	if err != nil {
		return nil, err
	}
	response, err := client.ReadPluginKV(ctx, &gatewaypb.ReadPluginKVRequest{Context: caller, Key: key})
	return response.GetValue(), err
}

func (h *host) writeKey(ctx context.Context, key string, value []byte) error {
	if h.runtime == "studio" {
		client, caller, err := h.studio()
		if err != nil {
			return err
		}
		_, err = client.WritePluginKV(ctx, &studiopb.WritePluginKVRequest{Context: caller, Key: key, Value: value})
		return err
	}
	client, caller, err := h.gateway()
	if err != nil {
		return err
	}
	_, err = client.WritePluginKV(ctx, &gatewaypb.WritePluginKVRequest{Context: caller, Key: key, Value: value})
	return err
}

func (h *host) deleteKey(ctx context.Context, key string) (bool, error) {
	if h.runtime == "studio" {
		client, caller, err := h.studio()
		if err != nil {
			return false, err
		}
		response, err := client.DeletePluginKV(ctx, &studiopb.DeletePluginKVRequest{Context: caller, Key: key})
		return response.GetDeleted(), err
	}
	client, caller, err := h.gateway()
	if err != nil {
		return false, err
	}
	response, err := client.DeletePluginKV(ctx, &gatewaypb.DeletePluginKVRequest{Context: caller, Key: key})
	return response.GetDeleted(), err
}

// listApps serves /apps: both hosts know the apps, each through its own Service API.
func (s *echoServer) listApps(ctx context.Context) (*pb.EndpointResponse, error) {
	apps := []object{}
	var total int64
	if s.host.runtime == "studio" {
		client, caller, err := s.host.studio()
		if err != nil {
			return nil, err
		}
		response, err := client.ListApps(ctx, &studiopb.ListAppsRequest{Context: caller})
		if err != nil {
			return nil, err
		}
		for _, app := range response.Apps {
			apps = append(apps, object{"id": app.Id, "name": app.Name})
		}
		total = response.TotalCount
	} else {
		client, caller, err := s.host.gateway()
		if err != nil {
			return nil, err
		}
		response, err := client.ListApps(ctx, &gatewaypb.ListAppsRequest{Context: caller})
		if err != nil {
			return nil, err
		}
		for _, app := range response.Apps {
			apps = append(apps, object{"id": app.Id, "name": app.Name})
		}
		total = response.TotalCount
	}
	return answerJSON(200, object{"apps": apps, "total": total}, nil), nil
}
