package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"

	pb "sluice.example/go-echo/gen/plugin"
)

const appCount = 1_000

// apps finds the app of a token by its keyed hash.
type apps struct {
	key    []byte
	byHash map[[sha256.Size]byte]*pb.App
}

func newApps(token string) *apps {
	a := &apps{key: []byte(rand.Text()), byHash: map[[sha256.Size]byte]*pb.App{}}
	for id := uint32(1); id < appCount; id++ {
		a.byHash[a.hash(rand.Text())] = app(id)
	}
	a.byHash[a.hash(token)] = app(appCount)
	return a
}

func app(id uint32) *pb.App {
	return &pb.App{Id: id, Name: fmt.Sprintf("App %d", id), OwnerEmail: "owner@example.com", IsActive: true, Metadata: map[string]string{"team": "search"}}
}

func (a *apps) hash(token string) [sha256.Size]byte {
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(token))
	return [sha256.Size]byte(mac.Sum(nil))
}

// of is nil where the token is nobody's.
func (a *apps) of(authorization string) *pb.App {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return nil
	}
	return a.byHash[a.hash(token)]
}
