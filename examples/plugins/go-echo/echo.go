package main

import (
	"os"

	pb "sluice.example/go-echo/gen/plugin"
)

type object = map[string]any

// echo answers with every field of the request, in the protocol's own names, and a little about the plugin.
func (s *echoServer) echo(request *pb.EndpointRequest) *pb.EndpointResponse {
	config, content := s.currentConfig()
	return answerJSON(200, object{
		"method":        request.Method,
		"path":          request.Path,
		"relative_path": request.RelativePath,
		"path_segments": list(request.PathSegments),
		"headers":       dictionary(request.Headers),
		"body":          string(request.Body),
		"query_string":  request.QueryString,
		"remote_addr":   request.RemoteAddr,
		"host":          request.Host,
		"protocol":      request.Protocol,
		"context": object{
			"request_id":    request.Context.GetRequestId(),
			"metadata":      dictionary(request.Context.GetMetadata()),
			"trace_context": dictionary(request.Context.GetTraceContext()),
		},
		"authenticated": request.Authenticated,
		"app":           appFields(request.App),
		"scopes":        list(request.Scopes),
		"content":       content,
		"config":        config,
		"pid":           os.Getpid(),
		"runtime":       s.runtime,
	}, nil)
}

func appFields(app *pb.App) any {
	if app == nil {
		return nil
	}
	resources := []object{}
	for _, resource := range app.PluginResources {
		instances := []object{}
		for _, instance := range resource.Instances {
			instances = append(instances, object{
				"id": instance.Id, "name": instance.Name, "privacy_score": instance.PrivacyScore, "metadata": string(instance.Metadata),
			})
		}
		resources = append(resources, object{
			"plugin_id": resource.PluginId, "resource_type_slug": resource.ResourceTypeSlug,
			"instance_ids": list(resource.InstanceIds), "instances": instances,
		})
	}
	return object{
		"id": app.Id, "name": app.Name, "description": app.Description, "owner_email": app.OwnerEmail, "is_active": app.IsActive,
		"monthly_budget": app.MonthlyBudget, "rate_limit": app.RateLimit, "metadata": dictionary(app.Metadata), "plugin_resources": resources,
	}
}

// list and dictionary are never null in JSON.
func list(values []string) []string {
	return append([]string{}, values...)
}

func dictionary(values map[string]string) map[string]string {
	if values == nil {
		return map[string]string{}
	}
	return values
}
