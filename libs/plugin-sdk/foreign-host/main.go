// Foreign-host drives a plugin as any program on HashiCorp's go-plugin would: its client side, and stubs generated from the protocol's
// own files. Nothing of Sluice is in it, so what it reports is what a plugin made with the SDK is to a host that never heard of us.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	mtls := flag.Bool("mtls", false, "secure the connection with AutoMTLS")
	node := flag.String("node", "node", "the program that runs the plugin's file")
	print := flag.String("print", "", "only call this path, which makes the plugin print")
	printed := flag.String("printed", "", "what the plugin prints last")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: foreign-host [-mtls] [-node path] [-print path -printed text] plugin.js")
		os.Exit(2)
	}
	report, err := drive(options{node: *node, file: flag.Arg(0), mtls: *mtls, print: *print, printed: *printed})
	if err != nil {
		report.Error = err.Error()
	}
	_ = json.NewEncoder(os.Stdout).Encode(report)
	if err != nil {
		os.Exit(1)
	}
}
