"""Addresses of user pools, of their app users, and of what hosted pools publish."""

from django.urls import include, path

from userpools import views

app_name = "userpools"
urlpatterns = [
    path(
        "org/",
        include(
            [
                path("userPool", views.UserPools.as_view(), name="pools"),
                path("userPool/<str:pool_id>", views.OneUserPool.as_view(), name="pool"),
                path("userPool/<str:pool_id>/check", views.CheckUserPool.as_view(), name="check"),
                path("appUserIdToken/revoke", views.RevokeAppUserIdTokens.as_view(), name="revoke"),
            ]
        ),
    ),
    path(
        "pools/<str:pool_id>/.well-known/",
        include(
            [
                path("openid-configuration", views.DiscoveryDocument.as_view(), name="discovery"),
                path("jwks.json", views.KeySetDocument.as_view(), name="key-set"),
            ]
        ),
    ),
]
