from django.urls import include, path

from userpools import views

urlpatterns = [
    path(
        "org/",
        include(
            [
                path("userPool", views.UserPools.as_view()),
                path("userPool/<str:pool_id>", views.OneUserPool.as_view()),
                path("userPool/<str:pool_id>/check", views.CheckUserPool.as_view()),
                path("appUserIdToken/revoke", views.RevokeAppUserIdTokens.as_view()),
            ]
        ),
    ),
    path("pools/<str:pool_id>/.well-known/openid-configuration", views.DiscoveryDocument.as_view()),
    path("pools/<str:pool_id>/.well-known/jwks.json", views.KeySetDocument.as_view()),
]
