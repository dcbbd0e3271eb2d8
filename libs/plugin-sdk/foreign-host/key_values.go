package main

import (
	"context"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "sluice.example/go-echo/gen/microgateway_management"
)

// keyValues is the part of a gateway's Service API that plugins keep values in.
type keyValues struct {
	pb.UnimplementedMicrogatewayManagementServiceServer
	mu     sync.Mutex
	values map[string][]byte
	// callers are the plugin ids that the requests named.
	callers map[uint32]bool
}

func newKeyValues() *keyValues {
	return &keyValues{values: map[string][]byte{}, callers: map[uint32]bool{}}
}

func (k *keyValues) WritePluginKV(_ context.Context, request *pb.WritePluginKVRequest) (*pb.WritePluginKVResponse, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.callers[request.GetContext().GetPluginId()] = true
	_, exists := k.values[request.Key]
	k.values[request.Key] = request.Value
	return &pb.WritePluginKVResponse{Created: !exists}, nil
}

func (k *keyValues) ReadPluginKV(_ context.Context, request *pb.ReadPluginKVRequest) (*pb.ReadPluginKVResponse, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	value, exists := k.values[request.Key]
	if !exists {
		return nil, status.Error(codes.NotFound, "there is no such key")
	}
	return &pb.ReadPluginKVResponse{Value: value}, nil
}

func (k *keyValues) DeletePluginKV(_ context.Context, request *pb.DeletePluginKVRequest) (*pb.DeletePluginKVResponse, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, exists := k.values[request.Key]
	delete(k.values, request.Key)
	return &pb.DeletePluginKVResponse{Deleted: exists}, nil
}

func (k *keyValues) stored(key string) (value string, callers []uint32) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id := range k.callers {
		callers = append(callers, id)
	}
	return string(k.values[key]), callers
}
