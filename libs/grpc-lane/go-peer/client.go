package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

const atOnce = 32

// call makes random calls, and fails when any had another result than its plan.
func call(path string, calls int, seed uint64) error {
	connection, err := grpc.NewClient("unix://"+path, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{}), grpc.MaxCallRecvMsgSize(largest), grpc.MaxCallSendMsgSize(largest)))
	if err != nil {
		return err
	}
	defer connection.Close()
	failures := make(chan error, calls)
	var workers sync.WaitGroup
	for worker := range atOnce {
		workers.Add(1)
		go func() {
			defer workers.Done()
			random := rand.New(rand.NewPCG(seed, uint64(worker)))
			for number := worker; number < calls; number += atOnce {
				if err := one(connection, random); err != nil {
					failures <- fmt.Errorf("call %d of seed %d: %w", number, seed, err)
				}
			}
		}()
	}
	workers.Wait()
	close(failures)
	var all []error
	for failure := range failures {
		all = append(all, failure)
	}
	if len(all) == 0 {
		fmt.Printf("%d calls\n", calls)
	}
	return errors.Join(all...)
}

func one(connection *grpc.ClientConn, random *rand.Rand) error {
	asked := plan{Hangs: random.IntN(40) == 0, Answers: []int{}, Headers: map[string]string{}, Trailers: map[string]string{}}
	if random.IntN(8) == 0 {
		asked.Status = 1 + random.IntN(16)
		asked.Message = "nicht da: 100 % ä"
	}
	streams := random.IntN(4) == 0
	count := 1
	if streams {
		count = random.IntN(20)
	}
	for range count {
		asked.Answers = append(asked.Answers, size(random))
	}
	filler := make([]byte, size(random))
	for at := range filler {
		filler[at] = byte(at)
	}
	request, err := asked.request(filler)
	if err != nil {
		return err
	}
	timeout := 60 * time.Second
	if asked.Hangs {
		timeout = time.Duration(30+random.IntN(50)) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	var answers [][]byte
	if streams {
		answers, err = receive(ctx, connection, request)
	} else {
		var only []byte
		if err = connection.Invoke(ctx, "/test.Plan/Unary", &request, &only); err == nil {
			answers = [][]byte{only}
		}
	}
	return compare(asked, request, streams, answers, err)
}

func receive(ctx context.Context, connection *grpc.ClientConn, request []byte) ([][]byte, error) {
	call, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/test.Plan/Stream")
	if err != nil {
		return nil, err
	}
	if err := call.SendMsg(&request); err != nil {
		return nil, err
	}
	if err := call.CloseSend(); err != nil {
		return nil, err
	}
	var answers [][]byte
	for {
		var next []byte
		if err := call.RecvMsg(&next); err == io.EOF {
			return answers, nil
		} else if err != nil {
			return answers, err
		}
		answers = append(answers, next)
	}
}

func compare(asked plan, request []byte, streams bool, answers [][]byte, err error) error {
	got := status.Convert(err)
	if asked.Hangs {
		if got.Code() != codes.DeadlineExceeded {
			return fmt.Errorf("ended with %s %q instead of its deadline", got.Code(), got.Message())
		}
		return nil
	}
	if int(got.Code()) != asked.Status || got.Message() != asked.Message {
		return fmt.Errorf("ended with %s %q instead of %d %q", got.Code(), got.Message(), asked.Status, asked.Message)
	}
	expected := len(asked.Answers)
	if asked.Status != 0 && !streams {
		expected = 0
	}
	if len(answers) != expected {
		return fmt.Errorf("had %d answers instead of %d", len(answers), expected)
	}
	for number, got := range answers {
		if !bytes.Equal(got, answer(request, number, asked.Answers[number])) {
			return fmt.Errorf("answer %d of %d bytes is another one of %d", number, asked.Answers[number], len(got))
		}
	}
	return nil
}

// size is mostly small, seldom some megabytes, and often about where frames and windows end.
func size(random *rand.Rand) int {
	switch random.IntN(40) {
	case 0:
		return random.IntN(1 << 20)
	case 1, 2, 3:
		return 16_384 - 40 + random.IntN(80)
	case 4, 5, 6:
		return 65_535 - 40 + random.IntN(80)
	}
	return random.IntN(5_000)
}
