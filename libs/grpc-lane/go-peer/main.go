// The other end for tests of the lane: grpc-go, whose messages are bytes.
//
//	lane-peer serve <socket>                 answers as each request says, until its input ends
//	lane-peer call <socket> <calls> <seed>   makes random calls and prints those whose result is not what was asked for
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 2 && arguments[0] == "serve" {
		return serve(arguments[1])
	}
	if len(arguments) == 4 && arguments[0] == "call" {
		calls, err := strconv.Atoi(arguments[2])
		if err != nil {
			return err
		}
		seed, err := strconv.ParseUint(arguments[3], 10, 64)
		if err != nil {
			return err
		}
		return call(arguments[1], calls, seed)
	}
	return fmt.Errorf("usage: lane-peer serve <socket> | call <socket> <calls> <seed>")
}
