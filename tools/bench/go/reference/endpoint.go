package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	pb "sluice.example/go-echo/gen/plugin"
)

const timeout = 30 * time.Second
const maxBodyBytes = 1 << 20

type endpoint struct {
	plugin pb.PluginServiceClient
	apps   *apps
}

func (e *endpoint) handle(c *gin.Context) {
	app := e.apps.of(c.GetHeader("Authorization"))
	if app == nil {
		c.JSON(http.StatusUnauthorized, gin.H{"error": "A token is needed."})
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBodyBytes)
	body, err := c.GetRawData()
	if err != nil {
		c.JSON(http.StatusRequestEntityTooLarge, gin.H{"error": "The body is too large."})
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), timeout)
	defer cancel()
	response, err := e.plugin.HandleEndpointRequest(ctx, requestOf(c, app, body))
	if err != nil {
		c.JSON(http.StatusBadGateway, gin.H{"error": "The plugin did not answer."})
		return
	}
	for name, value := range response.Headers {
		c.Header(name, value)
	}
	c.Data(int(response.StatusCode), response.Headers["Content-Type"], response.Body)
}

func requestOf(c *gin.Context, app *pb.App, body []byte) *pb.EndpointRequest {
	request := c.Request
	headers := make(map[string]string, len(request.Header))
	for name, values := range request.Header {
		if name != "Authorization" {
			headers[name] = strings.Join(values, ", ")
		}
	}
	path := c.Param("path")
	return &pb.EndpointRequest{
		Method:        request.Method,
		Path:          request.URL.Path,
		RelativePath:  path,
		PathSegments:  strings.Split(strings.Trim(path, "/"), "/"),
		Headers:       headers,
		Body:          body,
		QueryString:   request.URL.RawQuery,
		RemoteAddr:    request.RemoteAddr,
		Host:          request.Host,
		Protocol:      request.Proto,
		Context:       &pb.PluginContext{RequestId: rand.Text(), AppId: app.Id},
		Authenticated: true,
		App:           app,
	}
}
