package main

import (
	"context"
	"fmt"

	reflection "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// reflect learns every service and its methods from the plugin alone, as grpcurl does; the descriptors have to be complete.
func reflect(remote *remote, seen *report) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	stream, err := reflection.NewServerReflectionClient(remote.connection).ServerReflectionInfo(ctx)
	if err != nil {
		return fmt.Errorf("reflection: %w", err)
	}
	list, err := exchange(stream, &reflection.ServerReflectionRequest{MessageRequest: &reflection.ServerReflectionRequest_ListServices{}})
	if err != nil {
		return err
	}
	for _, service := range list.GetListServicesResponse().GetService() {
		methods, err := methodsOf(stream, service.Name)
		if err != nil {
			return err
		}
		seen.Reflected = append(seen.Reflected, methods...)
	}
	return stream.CloseSend()
}

func methodsOf(stream reflection.ServerReflection_ServerReflectionInfoClient, service string) ([]string, error) {
	answer, err := exchange(stream, &reflection.ServerReflectionRequest{MessageRequest: &reflection.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: service}})
	if err != nil {
		return nil, err
	}
	files, err := registry(answer.GetFileDescriptorResponse().GetFileDescriptorProto())
	if err != nil {
		return nil, fmt.Errorf("the descriptors of %s: %w", service, err)
	}
	found, err := files.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return nil, fmt.Errorf("the descriptors of %s: %w", service, err)
	}
	var names []string
	methods := found.(protoreflect.ServiceDescriptor).Methods()
	for i := range methods.Len() {
		names = append(names, service+"/"+string(methods.Get(i).Name()))
	}
	return names, nil
}

// registry fails when a file is missing that another one imports.
func registry(serialized [][]byte) (*protoregistry.Files, error) {
	set := &descriptorpb.FileDescriptorSet{}
	for _, bytes := range serialized {
		file := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(bytes, file); err != nil {
			return nil, err
		}
		set.File = append(set.File, file)
	}
	return protodesc.NewFiles(set)
}

func exchange(stream reflection.ServerReflection_ServerReflectionInfoClient, question *reflection.ServerReflectionRequest) (*reflection.ServerReflectionResponse, error) {
	if err := stream.Send(question); err != nil {
		return nil, fmt.Errorf("reflection: %w", err)
	}
	answer, err := stream.Recv()
	if err != nil {
		return nil, fmt.Errorf("reflection: %w", err)
	}
	if failed := answer.GetErrorResponse(); failed != nil {
		return nil, fmt.Errorf("reflection: %s", failed.ErrorMessage)
	}
	return answer, nil
}
