package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// bytesCodec lets messages through as they are.
type bytesCodec struct{}

func (bytesCodec) Name() string                      { return "proto" }
func (bytesCodec) Marshal(value any) ([]byte, error) { return *value.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, value any) error {
	*value.(*[]byte) = append([]byte(nil), data...)
	return nil
}

const largest = 64 << 20

func serve(path string) error {
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.MaxRecvMsgSize(largest), grpc.MaxSendMsgSize(largest))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "test.Plan",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Unary", Handler: unary}, {MethodName: "Echo", Handler: echo}},
		Streams:     []grpc.StreamDesc{{StreamName: "Stream", Handler: stream, ServerStreams: true}},
	}, struct{}{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	fmt.Println("ready")
	return server.Serve(listener)
}

func echo(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var request []byte
	err := decode(&request)
	return &request, err
}

func unary(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var request []byte
	if err := decode(&request); err != nil {
		return nil, err
	}
	asked, err := readPlan(request)
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	_ = grpc.SetHeader(ctx, metadata.New(asked.Headers))
	_ = grpc.SetTrailer(ctx, metadata.New(asked.Trailers))
	if asked.Hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if asked.Status != 0 {
		return nil, status.Error(codes.Code(asked.Status), asked.Message)
	}
	made := answer(request, 0, asked.Answers[0])
	return &made, nil
}

func stream(_ any, call grpc.ServerStream) error {
	var request []byte
	if err := call.RecvMsg(&request); err != nil {
		return err
	}
	asked, err := readPlan(request)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	_ = call.SetHeader(metadata.New(asked.Headers))
	call.SetTrailer(metadata.New(asked.Trailers))
	for number, size := range asked.Answers {
		made := answer(request, number, size)
		if err := call.SendMsg(&made); err != nil {
			return err
		}
	}
	if asked.Hangs {
		<-call.Context().Done()
		return call.Context().Err()
	}
	if asked.Status != 0 {
		return status.Error(codes.Code(asked.Status), asked.Message)
	}
	return nil
}
