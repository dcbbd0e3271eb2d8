package main

import (
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// measure counts each request and the time that it took.
func measure() gin.HandlerFunc {
	labels := []string{"slug", "method", "status"}
	requests := promauto.NewCounterVec(prometheus.CounterOpts{Name: "requests_total"}, labels)
	seconds := promauto.NewHistogramVec(prometheus.HistogramOpts{Name: "request_seconds"}, labels)
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		slug, method, status := c.Param("slug"), c.Request.Method, strconv.Itoa(c.Writer.Status())
		requests.WithLabelValues(slug, method, status).Inc()
		seconds.WithLabelValues(slug, method, status).Observe(time.Since(start).Seconds())
	}
}
