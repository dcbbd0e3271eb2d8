package main

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "sluice.example/go-echo/gen/plugin"
)

// defaults answers every RPC that the plugin does not implement. A plugin never says UNIMPLEMENTED: each answer here means "not me".
type defaults struct {
	pb.UnimplementedPluginServiceServer
}

const notImplemented = "this plugin does not implement it"

func (defaults) ProcessPreAuth(context.Context, *pb.PluginRequest) (*pb.PluginResponse, error) {
	return &pb.PluginResponse{}, nil
}

func (defaults) Authenticate(context.Context, *pb.AuthRequest) (*pb.AuthResponse, error) {
	return &pb.AuthResponse{ErrorMessage: notImplemented}, nil
}

func (defaults) GetAppByCredential(context.Context, *pb.GetAppRequest) (*pb.GetAppResponse, error) {
	return &pb.GetAppResponse{ErrorMessage: notImplemented}, nil
}

func (defaults) GetUserByCredential(context.Context, *pb.GetUserRequest) (*pb.GetUserResponse, error) {
	return &pb.GetUserResponse{ErrorMessage: notImplemented}, nil
}

func (defaults) ProcessPostAuth(context.Context, *pb.EnrichedRequest) (*pb.PluginResponse, error) {
	return &pb.PluginResponse{}, nil
}

func (defaults) OnBeforeWriteHeaders(context.Context, *pb.HeadersRequest) (*pb.HeadersResponse, error) {
	return &pb.HeadersResponse{}, nil
}

func (defaults) OnBeforeWrite(context.Context, *pb.ResponseWriteRequest) (*pb.ResponseWriteResponse, error) {
	return &pb.ResponseWriteResponse{}, nil
}

func (defaults) OnStreamComplete(context.Context, *pb.StreamCompleteRequest) (*pb.StreamCompleteResponse, error) {
	return &pb.StreamCompleteResponse{}, nil
}

func (defaults) HandleProxyLog(context.Context, *pb.ProxyLogRequest) (*pb.DataCollectionResponse, error) {
	return &pb.DataCollectionResponse{Success: true}, nil
}

func (defaults) HandleAnalytics(context.Context, *pb.AnalyticsRequest) (*pb.DataCollectionResponse, error) {
	return &pb.DataCollectionResponse{Success: true}, nil
}

func (defaults) HandleBudgetUsage(context.Context, *pb.BudgetUsageRequest) (*pb.DataCollectionResponse, error) {
	return &pb.DataCollectionResponse{Success: true}, nil
}

func (defaults) PortalCall(context.Context, *pb.PortalCallRequest) (*pb.PortalCallResponse, error) {
	return &pb.PortalCallResponse{ErrorMessage: notImplemented}, nil
}

func (defaults) HandleAgentMessage(*pb.AgentMessageRequest, grpc.ServerStreamingServer[pb.AgentMessageChunk]) error {
	return status.Error(codes.Unknown, "this plugin is not an agent")
}

func (defaults) GetObjectHookRegistrations(context.Context, *pb.GetObjectHookRegistrationsRequest) (*pb.GetObjectHookRegistrationsResponse, error) {
	return &pb.GetObjectHookRegistrationsResponse{}, nil
}

func (defaults) HandleObjectHook(context.Context, *pb.ObjectHookRequest) (*pb.ObjectHookResponse, error) {
	return &pb.ObjectHookResponse{AllowOperation: true}, nil
}

func (defaults) ExecuteScheduledTask(context.Context, *pb.ExecuteScheduledTaskRequest) (*pb.ExecuteScheduledTaskResponse, error) {
	return nil, status.Error(codes.Unknown, "this plugin has no scheduled tasks")
}

func (defaults) AcceptEdgePayload(context.Context, *pb.EdgePayloadRequest) (*pb.EdgePayloadResponse, error) {
	return &pb.EdgePayloadResponse{}, nil
}

func (defaults) GetResourceTypeRegistrations(context.Context, *pb.GetResourceTypeRegistrationsRequest) (*pb.GetResourceTypeRegistrationsResponse, error) {
	return &pb.GetResourceTypeRegistrationsResponse{}, nil
}

func (defaults) ListResourceInstances(context.Context, *pb.ListResourceInstancesRequest) (*pb.ListResourceInstancesResponse, error) {
	return &pb.ListResourceInstancesResponse{ErrorMessage: notImplemented}, nil
}

func (defaults) GetResourceInstance(context.Context, *pb.GetResourceInstanceRequest) (*pb.GetResourceInstanceResponse, error) {
	return &pb.GetResourceInstanceResponse{ErrorMessage: notImplemented}, nil
}

func (defaults) ValidateResourceSelection(context.Context, *pb.ValidateResourceSelectionRequest) (*pb.ValidateResourceSelectionResponse, error) {
	return &pb.ValidateResourceSelectionResponse{Valid: true}, nil
}

func (defaults) CreateResourceInstance(context.Context, *pb.CreateResourceInstanceRequest) (*pb.CreateResourceInstanceResponse, error) {
	return &pb.CreateResourceInstanceResponse{ErrorMessage: notImplemented}, nil
}
