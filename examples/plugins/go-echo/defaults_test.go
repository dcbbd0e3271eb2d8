package main

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "sluice.example/go-echo/gen/plugin"
)

// An empty request is valid for every RPC, and what an answer holds is not looked at here.
func TestEveryRPCIsAnsweredAndNeverUnimplemented(t *testing.T) {
	connection := connect(t)
	failing := map[string]codes.Code{"HandleAgentMessage": codes.Unknown, "ExecuteScheduledTask": codes.Unknown}
	for _, method := range pb.PluginService_ServiceDesc.Methods {
		err := connection.Invoke(context.Background(), "/plugin.PluginService/"+method.MethodName, &emptypb.Empty{}, &emptypb.Empty{})
		if got := status.Code(err); got != failing[method.MethodName] {
			t.Errorf("%s: %v", method.MethodName, err)
		}
	}
	for _, description := range pb.PluginService_ServiceDesc.Streams {
		stream, err := connection.NewStream(context.Background(), &grpc.StreamDesc{ServerStreams: true}, "/plugin.PluginService/"+description.StreamName)
		if err != nil {
			t.Fatal(err)
		}
		if err = stream.SendMsg(&emptypb.Empty{}); err != nil {
			t.Fatal(err)
		}
		if err = stream.CloseSend(); err != nil {
			t.Fatal(err)
		}
		if got := status.Code(stream.RecvMsg(&emptypb.Empty{})); got != failing[description.StreamName] {
			t.Errorf("%s: %v", description.StreamName, got)
		}
	}
}

func TestWhatIsNotImplementedSaysNotMe(t *testing.T) {
	client := pb.NewPluginServiceClient(connect(t))
	ctx := context.Background()
	if answer, err := client.HandleObjectHook(ctx, &pb.ObjectHookRequest{}); err != nil || !answer.AllowOperation || answer.Modified {
		t.Errorf("object hook: %v %v", answer, err)
	}
	if answer, err := client.ValidateResourceSelection(ctx, &pb.ValidateResourceSelectionRequest{}); err != nil || !answer.Valid {
		t.Errorf("resource selection: %v %v", answer, err)
	}
	if answer, err := client.HandleAnalytics(ctx, &pb.AnalyticsRequest{}); err != nil || !answer.Success || answer.Handled {
		t.Errorf("analytics: %v %v", answer, err)
	}
	if answer, err := client.PortalCall(ctx, &pb.PortalCallRequest{}); err != nil || answer.Success || answer.ErrorMessage == "" {
		t.Errorf("portal call: %v %v", answer, err)
	}
}
