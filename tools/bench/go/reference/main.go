// Reference is the gateway that one would write in Go: gin in front, grpc-go behind, the same protocol, 1,000 apps, a keyed hash for each token,
// a counter and a histogram. `npm run bench:endpoint` compares Sluice's gateway with it. It prints its port.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "sluice.example/go-echo/gen/plugin"
)

func main() {
	socket := flag.String("socket", "", "the plugin's socket")
	token := flag.String("token", "", "the token of one of the apps")
	flag.Parse()

	connection, err := grpc.NewClient("unix:"+*socket, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority("localhost"))
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)

	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(gin.Recovery(), measure())
	endpoint := &endpoint{plugin: pb.NewPluginServiceClient(connection), apps: newApps(*token)}
	engine.Any("/plugins/:slug/*path", endpoint.handle)
	log.Fatal((&http.Server{Handler: engine}).Serve(listener))
}
