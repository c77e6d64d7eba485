"""The addresses of simplejwt, and the views that its documentation tells one to write."""

from django.urls import path
from rest_framework_simplejwt.authentication import JWTAuthentication, JWTStatelessUserAuthentication
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from bench.peers.views import Hello

urlpatterns = [
    path("stateless", Hello.as_view(authentication_classes=[JWTStatelessUserAuthentication])),
    path("user", Hello.as_view(authentication_classes=[JWTAuthentication])),
    path("token", TokenObtainPairView.as_view()),
    path("refresh", TokenRefreshView.as_view()),
]
