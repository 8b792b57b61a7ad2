"""Addresses of public."""

from django.urls import path

from lantern.web.public.views import front, gallery

app_name = "public"
urlpatterns = [
    path("", front.front, name="front"),
    path("demo/sign-in/", front.demo_sign_in, name="demo_sign_in"),
    path("sign-in/login/", front.sign_in, name="sign_in"),  # before allauth's, whose name account_login leads here too
    path("sign-in/email/", front.address, name="address"),  # instead of allauth's, where one could add any address
    path("health", front.health, name="health"),
    path("unknown-person/", front.unknown_person, name="unknown_person"),
    path("ui/", gallery.gallery, name="gallery"),
    path("ui/job/<str:name>", gallery.sample_job, name="sample_job"),
]
