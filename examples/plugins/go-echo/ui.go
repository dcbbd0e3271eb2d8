package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	studiopb "sluice.example/go-echo/gen/ai_studio_management"
	pb "sluice.example/go-echo/gen/plugin"
)

const (
	pagePath = "ui/echo.js"
	pageType = "application/javascript"
)

//go:embed ui/echo.js
var page []byte

func (s *echoServer) GetAsset(_ context.Context, request *pb.GetAssetRequest) (*pb.GetAssetResponse, error) {
	if request.AssetPath != pagePath {
		return &pb.GetAssetResponse{ErrorMessage: fmt.Sprintf("there is no asset %s", request.AssetPath)}, nil
	}
	return &pb.GetAssetResponse{Success: true, Content: page, MimeType: pageType, ContentLength: int64(len(page))}, nil
}

func (s *echoServer) ListAssets(_ context.Context, request *pb.ListAssetsRequest) (*pb.ListAssetsResponse, error) {
	response := &pb.ListAssetsResponse{Success: true}
	if strings.HasPrefix(pagePath, request.PathPrefix) {
		response.Assets = []*pb.AssetInfo{{Path: pagePath, MimeType: pageType, Size: int64(len(page))}}
	}
	return response, nil
}

// Call is what the page in the studio calls.
func (s *echoServer) Call(ctx context.Context, request *pb.CallRequest) (*pb.CallResponse, error) {
	result, err := s.call(ctx, request.Method, request.Payload)
	if err != nil {
		return &pb.CallResponse{ErrorMessage: err.Error()}, nil
	}
	data, err := json.Marshal(result)
	return &pb.CallResponse{Success: err == nil, Data: string(data)}, err
}

func (s *echoServer) call(ctx context.Context, method, payload string) (object, error) {
	switch method {
	case "get_content":
		_, content := s.currentConfig()
		return object{"content": content}, nil
	case "save_content":
		var input struct {
			Content *string `json:"content"`
		}
		if err := json.Unmarshal([]byte(payload), &input); err != nil || input.Content == nil {
			return nil, errors.New(`save_content needs {"content": "…"}.`)
		}
		return object{"saved": true}, s.save(ctx, *input.Content)
	}
	return nil, fmt.Errorf("There is no method %s.", method)
}

// save changes the configuration in the studio; it reaches every process of the plugin as any other change of it does.
func (s *echoServer) save(ctx context.Context, content string) error {
	config, _ := s.currentConfig()
	config["content"] = content
	text, err := json.Marshal(config)
	if err != nil {
		return err
	}
	client, caller, err := s.host.studio()
	if err != nil {
		return err
	}
	request := &studiopb.UpdatePluginConfigRequest{Context: caller, PluginId: caller.PluginId, ConfigJson: string(text)}
	response, err := client.UpdatePluginConfig(ctx, request)
	if err == nil && !response.Success {
		err = errors.New(response.Message)
	}
	return err
}
